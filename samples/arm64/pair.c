// Two threads that tag pages of one area by turns, so that they share tag blocks, in memory that somebody's data had filled a moment
// before: a small program for `palimpsest exec --explore`. It needs no library.
//
//   aarch64-linux-gnu-gcc -O1 -static -nostdlib -ffreestanding -fno-builtin -march=armv8-a+lse -s -o pair pair.c
//
// pair FILLED TAGGED: pages of data, and of these how many are given back and as many tagged. It exits with 0; with 1 where a granule
// has another tag than it was given, 2 where data have changed, 3 where there is no memory.

typedef unsigned long u64;

#define PAGE 4096UL
#define LINE 64UL
#define TAGGED_STRIDE 2048UL
#define PROT_READ_WRITE 3
#define PROT_MTE 0x20
#define PRIVATE_ANONYMOUS 0x22
#define THREAD (0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000)

enum { SYS_EXIT = 93, SYS_EXIT_GROUP = 94, SYS_YIELD = 124, SYS_MUNMAP = 215, SYS_CLONE = 220, SYS_MMAP = 222 };

static volatile int finished;
static u64 tags, pages;

static long call(long number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
    register u64 x8 asm("x8") = number;
    register u64 x0 asm("x0") = a;
    register u64 x1 asm("x1") = b;
    register u64 x2 asm("x2") = c;
    register u64 x3 asm("x3") = d;
    register u64 x4 asm("x4") = e;
    register u64 x5 asm("x5") = f;
    asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return (long)x0;
}

static void leave(int status) {
    for (;;)
        call(SYS_EXIT_GROUP, status, 0, 0, 0, 0, 0);
}

static u64 map(u64 count, int protection) {
    long at = call(SYS_MMAP, 0, count * PAGE, protection, PRIVATE_ANONYMOUS, -1UL, 0);
    if (at < 0)
        leave(3);
    return at;
}

static u64 number(const char *text) {
    u64 value = 0;
    while (*text)
        value = value * 10 + (*text++ - '0');
    return value;
}

static u64 tagged(u64 at, u64 page) { return at | (1 + page % 15) << 56; }

static u64 tag_at(u64 at) {
    asm volatile(".arch armv8.5-a+memtag\n ldg %0, [%0]" : "+r"(at) : : "memory");
    return at;
}

static void paint(u64 first) {
    for (u64 page = first; page < pages; page += 2)
        for (u64 at = tags + page * PAGE; at < tags + (page + 1) * PAGE; at += TAGGED_STRIDE)
            asm volatile(".arch armv8.5-a+memtag\n stg %0, [%0]" : : "r"(tagged(at, page)) : "memory");
}

__attribute__((used)) void second(void) {
    paint(1);
    __atomic_store_n(&finished, 1, __ATOMIC_SEQ_CST);
    for (;;)
        call(SYS_EXIT, 0, 0, 0, 0, 0, 0);
}

static void start_second(u64 top) {
    register u64 x8 asm("x8") = SYS_CLONE;
    register u64 x0 asm("x0") = THREAD;
    register u64 x1 asm("x1") = top;
    register u64 x2 asm("x2") = 0;
    register u64 x3 asm("x3") = 0;
    register u64 x4 asm("x4") = 0;
    asm volatile("svc 0\n cbnz x0, 1f\n bl second\n1:" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory", "x30");
    if ((long)x0 < 0)
        leave(3);
}

static void look(u64 data, u64 filled) {
    for (u64 page = 0; page < pages; page++)
        for (u64 at = tags + page * PAGE; at < tags + (page + 1) * PAGE; at += TAGGED_STRIDE)
            if (tag_at(at) != tagged(at, page))
                leave(1);
    for (u64 page = pages; page < filled; page++)
        for (u64 at = 0; at < PAGE; at += LINE)
            if (*(volatile u64 *)(data + page * PAGE + at) != ~page)
                leave(2);
}

__attribute__((used)) void begin(u64 *stack) {
    if (stack[0] != 3)
        leave(64);
    u64 filled = number((char *)stack[2]);
    pages = number((char *)stack[3]);
    u64 data = map(filled, PROT_READ_WRITE);
    for (u64 page = 0; page < filled; page++)
        for (u64 at = 0; at < PAGE; at += LINE)
            *(volatile u64 *)(data + page * PAGE + at) = ~page;
    call(SYS_MUNMAP, data, pages * PAGE, 0, 0, 0, 0);
    tags = map(pages, PROT_READ_WRITE | PROT_MTE);
    start_second(map(4, PROT_READ_WRITE) + 4 * PAGE);
    paint(0);
    while (!__atomic_load_n(&finished, __ATOMIC_SEQ_CST))
        call(SYS_YIELD, 0, 0, 0, 0, 0, 0);
    look(data, filled);
    leave(0);
}

asm(".globl _start\n_start: mov x0, sp\n bl begin\n");
