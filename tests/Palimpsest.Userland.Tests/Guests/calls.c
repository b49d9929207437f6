// calls NAME: one small thing that a program asks of Linux, and what came of it on standard output.
// aarch64-linux-gnu-gcc -O2 -static -march=armv8.5-a+memtag -pthread calls.c -o calls && aarch64-linux-gnu-strip calls && gzip -9n calls
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define PAGE 4096UL
#define PROT_TAGGED (PROT_READ | PROT_WRITE | 0x20)
#define RANDOM_TAGS (0xfffeUL << 3)

static void control(unsigned long modes)
{
    prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE | modes | RANDOM_TAGS, 0, 0, 0);
}

static char *with_tag(char *at, uint64_t tag)
{
    return (char *)((uint64_t)at | tag << 56);
}

static void set_tag(char *at)
{
    asm volatile("stg %0, [%0]" ::"r"(at) : "memory");
}

static int tag_of(char *at)
{
    uint64_t loaded = (uint64_t)at;
    asm volatile("ldg %0, [%1]" : "+r"(loaded) : "r"(at));
    return loaded >> 56 & 15;
}

static void told(int number, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    printf("signal %d code %d address %lx\n", number, info->si_code, (unsigned long)info->si_addr & 0xfff);
    if (info->si_code == 9)
        c->uc_mcontext.pc += 4;
}

static void handle(int flags)
{
    struct sigaction action = {.sa_sigaction = told, .sa_flags = SA_SIGINFO | flags};
    sigaction(SIGSEGV, &action, 0);
}

static void synchronous(void)
{
    control(PR_MTE_TCF_SYNC);
    handle(0);
    char *page = mmap(0, PAGE, PROT_TAGGED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *five = with_tag(page + 32, 5);
    set_tag(five);
    *five = 1;
    printf("tag %d, next %d\n", tag_of(page + 32), tag_of(page + 48));
    *(volatile char *)(page + 32) = 2;
    printf("kept %d\n", *five);
    printf("write %ld\n", (long)write(1, page + 32, 1));
}

static void asynchronous(void)
{
    control(PR_MTE_TCF_ASYNC);
    handle(0);
    char *page = mmap(0, PAGE, PROT_TAGGED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *(volatile char *)with_tag(page, 3) = 7;
    getpid();
    printf("written %d\n", *page);
}

static void children(void)
{
    int ends[2];
    char word[16] = "";
    char *page = mmap(0, PAGE, PROT_TAGGED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    set_tag(with_tag(page, 9));
    pipe(ends);
    pid_t child = fork();
    if (child == 0) {
        set_tag(with_tag(page, 4));
        dprintf(ends[1], "child %d", tag_of(page));
        _exit(42);
    }
    int status;
    waitpid(child, &status, 0);
    read(ends[0], word, sizeof word - 1);
    printf("%s, parent %d, status %d\n", word, tag_of(page), WEXITSTATUS(status));
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long sum;

static void *add(void *of)
{
    for (long i = 0; i < 2000; i++) {
        pthread_mutex_lock(&lock);
        sum += (long)of;
        pthread_mutex_unlock(&lock);
    }
    return 0;
}

static void threads(void)
{
    pthread_t all[4];
    for (long i = 0; i < 4; i++)
        pthread_create(&all[i], 0, add, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(all[i], 0);
    printf("sum %ld\n", sum);
}

// More tagged memory than there is: tags and data go to swap and come back.
static void pressure(void)
{
    size_t pages = 6000;
    char *all = mmap(0, pages * PAGE, PROT_TAGGED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < pages; i++) {
        char *at = with_tag(all + i * PAGE + 64, i % 15 + 1);
        set_tag(at);
        *(uint64_t *)at = i * 2654435761u;
    }
    size_t wrong = 0;
    for (size_t i = 0; i < pages; i++) {
        char *at = all + i * PAGE + 64;
        wrong += tag_of(at) != (int)(i % 15 + 1) || *(uint64_t *)at != i * 2654435761u;
    }
    printf("wrong %zu of %zu\n", wrong, pages);
}

static void moved(void)
{
    char *from = mmap(0, 8 * PAGE, PROT_TAGGED, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 8; i++)
        set_tag(with_tag(from + i * PAGE, i + 1));
    char *to = mremap(from, 8 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
    int right = 0;
    for (int i = 0; i < 8; i++)
        right += tag_of(to + i * PAGE) == i + 1;
    mprotect(to, 8 * PAGE, PROT_READ);
    printf("right %d, after mprotect %d, new %d\n", right, tag_of(to), tag_of(to + 15 * PAGE));
}

static void files(void)
{
    FILE *file = fopen("made.txt", "w");
    fprintf(file, "%05d\n", 123);
    fclose(file);
    char line[16];
    file = fopen("made.txt", "r");
    fgets(line, sizeof line, file);
    printf("%s", line);
    printf("outside %d\n", access("/etc/passwd", 0));
}

int main(int count, char **args)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {{"synchronous", synchronous}, {"asynchronous", asynchronous}, {"children", children}, {"threads", threads},
               {"pressure", pressure}, {"moved", moved}, {"files", files}};
    for (size_t i = 0; count > 1 && i < sizeof all / sizeof *all; i++) {
        if (strcmp(args[1], all[i].name) == 0) {
            setvbuf(stdout, 0, _IONBF, 0);
            all[i].run();
            return 0;
        }
    }
    if (count > 1 && strcmp(args[1], "loop") == 0)
        for (;;)
            ;
    return 3;
}
