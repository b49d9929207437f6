// traces NAME: what ptrace and wait tell of a child, line by line; the same on every architecture.
// aarch64-linux-gnu-gcc -O1 -static -pthread traces.c -o traces && aarch64-linux-gnu-strip traces && gzip -9n traces
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <linux/ptrace.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __aarch64__
#define PC(r) (r).pc
#define RESULT(r) (r).regs[0]
#define REGISTERS struct user_regs_struct
#define NOP 4
#else
#define PC(r) (r).rip
#define RESULT(r) (r).rax
#define REGISTERS struct user_regs_struct
#define NOP 1
#endif

extern long ptrace(int request, ...);

static volatile int handled;
static const char *self;

static void handler(int number)
{
    handled = number;
}

static void handle(int number, int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(number, &action, 0);
}

static int child(void (*body)(void))
{
    fflush(stdout);
    int pid = fork();
    if (pid == 0) {
        body();
        fflush(stdout);
        _exit(0);
    }
    return pid;
}

// The next stop of a thread, in words; what it has ended with, as it is.
static int next(int pid, const char *who)
{
    int status = 0;
    int id = waitpid(pid, &status, __WALL);
    struct ptrace_syscall_info call = {0};
    if (id < 0) {
        printf("%s: nobody\n", who);
    } else if (WIFEXITED(status)) {
        printf("%s: exited %d\n", who, WEXITSTATUS(status));
    } else if (WIFSIGNALED(status)) {
        printf("%s: killed %d\n", who, WTERMSIG(status));
    } else if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
        ptrace(PTRACE_GET_SYSCALL_INFO, id, sizeof call, &call);
        if (call.op == 1)
            printf("%s: entry%s\n", who, call.entry.nr == SYS_execve ? " of execve" : call.entry.nr == SYS_restart_syscall ? " again" : "");
        else
            printf("%s: exit %lld\n", who, (long long)call.exit.rval < 1 ? (long long)call.exit.rval : 1);
    } else {
        siginfo_t info = {0};
        int has = ptrace(PTRACE_GETSIGINFO, id, 0, &info) == 0;
        printf("%s: stop %d event %d code %d\n", who, WSTOPSIG(status), status >> 16, has ? info.si_code : 99);
    }
    return status;
}

static void ask(void)
{
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
}

static void go(int request, int pid, long signal)
{
    if (ptrace(request, pid, 0, signal) != 0)
        printf("request %d: %d\n", request, errno);
}

static void executes(void)
{
    ask();
    execl(self, self, "nothing", (char *)0);
}

static void exec(void)
{
    int pid = child(executes);
    next(pid, "child");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
    for (int stop = 0; stop < 5; stop++) {
        go(PTRACE_SYSCALL, pid, 0);
        next(pid, "child");
    }
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
    pid = child(executes);
    next(pid, "child");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC);
    for (int stop = 0; stop < 5; stop++) {
        go(PTRACE_SYSCALL, pid, 0);
        next(pid, "child");
    }
    ptrace(PTRACE_KILL, pid, 0, 0);
    next(pid, "child");
}

static void *sleeper(void *none)
{
    pause();
    return none;
}

static void *replacer(void *none)
{
    execl(self, self, "nothing", (char *)0);
    return none;
}

static void two(void)
{
    pthread_t a, b;
    ask();
    pthread_create(&a, 0, sleeper, 0);
    pthread_create(&b, 0, replacer, 0);
    pthread_join(a, 0);
}

static void execthread(void)
{
    int pid = child(two);
    unsigned long first = 0, second = 0, former = 0;
    int status;
    next(pid, "leader");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
    go(PTRACE_CONT, pid, 0);
    next(pid, "leader");
    ptrace(PTRACE_GETEVENTMSG, pid, 0, &first);
    next(first, "sleeper");
    go(PTRACE_CONT, first, 0);
    go(PTRACE_CONT, pid, 0);
    next(pid, "leader");
    ptrace(PTRACE_GETEVENTMSG, pid, 0, &second);
    next(second, "replacer");
    go(PTRACE_CONT, pid, 0);
    go(PTRACE_CONT, second, 0);
    next(first, "sleeper");
    next(pid, "leader");
    ptrace(PTRACE_GETEVENTMSG, pid, 0, &former);
    printf("former %d, gone %d\n", former == second, waitpid(second, &status, __WALL) < 0);
    go(PTRACE_CONT, pid, 0);
    next(pid, "leader");
}

static int channel[2];

static void reads(void)
{
    char byte;
    handle(SIGUSR1, 0);
    handle(SIGUSR2, SA_RESTART);
    ask();
    int got = read(channel[0], &byte, 1);
    got = got < 0 ? -errno : got;
    printf("read %d, handled %d\n", got, handled);
}

static void naps(void)
{
    struct timespec time = {0, 50000000};
    ask();
    printf("nap %d\n", nanosleep(&time, 0));
}

static void broken(void (*body)(void), int signal)
{
    pipe(channel);
    int pid = child(body);
    next(pid, "child");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
    int stops;
    struct ptrace_syscall_info call;
    do
        ptrace(PTRACE_SYSCALL, pid, 0, 0), waitpid(pid, 0, 0), ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof call, &call);
    while (call.op != 1 || (call.entry.nr != SYS_read && call.entry.nr != SYS_nanosleep && call.entry.nr != SYS_clock_nanosleep));
    go(PTRACE_SYSCALL, pid, 0);
    usleep(1000);
    kill(pid, signal);
    next(pid, "child");
    go(PTRACE_SYSCALL, pid, 0);
    next(pid, "child");
    go(PTRACE_SYSCALL, pid, signal);
    for (stops = 0; stops < 2; stops++) {
        // What sigreturn gives is the first argument, or what stood in its register.
        if (stops == 1 && signal == SIGUSR2)
            waitpid(pid, 0, 0);
        else
            next(pid, "child");
        go(PTRACE_SYSCALL, pid, 0);
    }
    if (signal == SIGUSR2)
        next(pid, "child"), go(PTRACE_SYSCALL, pid, 0), write(channel[1], "x", 1);
    next(pid, "child");
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
}

static void raises(void)
{
    handle(SIGWINCH, 0);
    handle(SIGCHLD, 0);
    ask();
    raise(SIGUSR1);
    printf("handled %d\n", handled);
}

// A tracer that gives a signal and is gone; it is the child's parent, so another process waits for what is written.
static void gives(void)
{
    int pid = child(raises);
    int status;
    waitpid(pid, &status, 0);
    ptrace(PTRACE_CONT, pid, 0, 0);
    waitpid(pid, &status, 0);
    ptrace(PTRACE_CONT, pid, 0, SIGCHLD);
}

static void left(void)
{
    char text[64] = {0};
    pipe(channel);
    fflush(stdout);
    int pid = fork();
    if (pid == 0) {
        dup2(channel[1], 1);
        close(channel[0]);
        close(channel[1]);
        gives();
        _exit(0);
    }
    close(channel[1]);
    waitpid(pid, 0, 0);
    for (int at = 0, got; (got = read(channel[0], text + at, sizeof text - 1 - at)) > 0; at += got)
        ;
    printf("%s", text);
    pid = child(raises);
    next(pid, "child");
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
    go(PTRACE_DETACH, pid, SIGWINCH);
    next(pid, "child");
}

extern char steps[], call[], after[];

static void walks(void)
{
    handle(SIGUSR1, 0);
    ask();
#ifdef __aarch64__
    asm volatile(".globl steps, call, after\nsteps: nop\nnop\nmov x8, 172\ncall: svc 0\nafter: nop\nnop" ::: "x0", "x8", "memory");
#else
    asm volatile(".globl steps, call, after\nsteps: nop\nnop\nmov $39, %%eax\ncall: syscall\nafter: nop\nnop" ::: "rax", "rcx", "r11", "memory");
#endif
}

static uintptr_t place(int pid)
{
    REGISTERS registers;
    struct iovec vector = {&registers, sizeof registers};
    ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector);
    return PC(registers);
}

static void step(void)
{
    int pid = child(walks);
    next(pid, "child");
    int stops = 0;
    do
        ptrace(PTRACE_SINGLESTEP, pid, 0, 0), waitpid(pid, 0, 0);
    while (place(pid) != (uintptr_t)steps && ++stops < 2000);
    siginfo_t info;
    ptrace(PTRACE_GETSIGINFO, pid, 0, &info);
    printf("at steps %d, code %d, address %d\n", place(pid) == (uintptr_t)steps, info.si_code, info.si_addr == (void *)steps);
    go(PTRACE_SINGLESTEP, pid, 0);
    next(pid, "child");
    printf("at %ld\n", (long)(place(pid) - (uintptr_t)steps) / NOP);
    go(PTRACE_SINGLESTEP, pid, 0);
    next(pid, "child");
    go(PTRACE_SINGLESTEP, pid, 0);
    next(pid, "child");
    printf("at call %d\n", place(pid) == (uintptr_t)call);
    go(PTRACE_SINGLESTEP, pid, 0);
    waitpid(pid, 0, 0); // its code differs by architecture
    printf("behind it %d\n", place(pid) == (uintptr_t)after);
    kill(pid, SIGUSR1);
    go(PTRACE_SINGLESTEP, pid, 0);
    next(pid, "child");
    go(PTRACE_SINGLESTEP, pid, SIGUSR1);
    next(pid, "child");
    printf("in handler %d\n", place(pid) == (uintptr_t)handler);
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
}

static void forks(void)
{
    ask();
    if (fork() == 0)
        _exit(3);
    wait(0);
    if (vfork() == 0)
        _exit(4);
    wait(0);
    _exit(5);
}

static void events(void)
{
    int pid = child(forks);
    unsigned long message;
    next(pid, "child");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXIT);
    for (int round = 0; round < 2; round++) {
        go(PTRACE_CONT, pid, 0);
        next(pid, "child");
        ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
        int grandchild = message;
        next(grandchild, "grandchild");
        go(PTRACE_CONT, grandchild, 0);
        next(grandchild, "grandchild");
        ptrace(PTRACE_GETEVENTMSG, grandchild, 0, &message);
        printf("ends with %lx\n", message);
        go(PTRACE_CONT, pid, 0);
        go(PTRACE_CONT, grandchild, 0);
        next(grandchild, "grandchild");
        if (round == 1) {
            next(pid, "child");
            ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
            printf("done with it %d\n", (int)message == grandchild);
            go(PTRACE_CONT, pid, 0);
        }
        next(pid, "child"); // SIGCHLD
    }
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
}

static void pauses(void)
{
    pause();
}

static void listen_(void)
{
    int pid = child(pauses);
    go(PTRACE_SEIZE, pid, 0);
    kill(pid, SIGSTOP);
    next(pid, "child");
    go(PTRACE_CONT, pid, SIGSTOP);
    next(pid, "child");
    go(PTRACE_LISTEN, pid, 0);
    printf("asked of who listens: %d\n", ptrace(PTRACE_CONT, pid, 0, 0) == 0 ? 0 : errno);
    go(PTRACE_INTERRUPT, pid, 0);
    next(pid, "child");
    go(PTRACE_LISTEN, pid, 0);
    kill(pid, SIGCONT);
    next(pid, "child");
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
    kill(pid, SIGKILL);
    next(pid, "child");
}

static void attach(void)
{
    int pid = child(pauses);
    go(PTRACE_ATTACH, pid, 0);
    next(pid, "child");
    printf("twice: %d\n", ptrace(PTRACE_ATTACH, pid, 0, 0) == 0 ? 0 : errno);
    go(PTRACE_DETACH, pid, SIGTERM);
    next(pid, "child");
    printf("gone: %d\n", ptrace(PTRACE_ATTACH, pid, 0, 0) == 0 ? 0 : errno);
    pid = child(pauses);
    go(PTRACE_ATTACH, pid, 0);
    next(pid, "child");
    go(PTRACE_CONT, pid, SIGSTOP);
    next(pid, "child");
    go(PTRACE_CONT, pid, 0);
    kill(pid, SIGKILL);
    next(pid, "child");
}

static int tracee;

static void kills(void)
{
    ptrace(PTRACE_SEIZE, tracee, 0, PTRACE_O_EXITKILL);
}

static void exitkill(void)
{
    tracee = child(pauses);
    int pid = child(kills);
    next(pid, "tracer");
    next(tracee, "tracee");
}

static const volatile long fixed = 5;

static void changed(void)
{
    ask();
    _exit(fixed);
}

static void words(void)
{
    long *hidden = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *hidden = 77;
    mprotect(hidden, 4096, PROT_NONE);
    int pid = child(changed);
    next(pid, "child");
    printf("hidden %ld\n", ptrace(PTRACE_PEEKDATA, pid, hidden, 0));
    printf("fixed %ld\n", ptrace(PTRACE_PEEKDATA, pid, &fixed, 0));
    printf("poke %ld\n", ptrace(PTRACE_POKEDATA, pid, &fixed, 9L));
    long none = ptrace(PTRACE_POKEDATA, pid, 8L, 9L);
    printf("nowhere %ld %d\n", none, errno);
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
    printf("own %ld\n", fixed);
}

static void asks(void)
{
    ask();
    printf("id %ld\n", syscall(SYS_getppid));
}

static void registers(void)
{
    int pid = child(asks);
    next(pid, "child");
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
    struct ptrace_syscall_info call;
    do
        ptrace(PTRACE_SYSCALL, pid, 0, 0), waitpid(pid, 0, 0), ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof call, &call);
    while (call.op != 1 || call.entry.nr != SYS_getppid);
    go(PTRACE_SYSCALL, pid, 0);
    waitpid(pid, 0, 0);
    REGISTERS all;
    struct iovec vector = {&all, sizeof all};
    ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector);
    RESULT(all) = 4711;
    printf("set %ld\n", ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector));
    go(PTRACE_CONT, pid, 0);
    next(pid, "child");
}

static void jobs(void)
{
    int status, pid = child(pauses);
    siginfo_t info;
    handle(SIGCHLD, 0);
    kill(pid, SIGSTOP);
    printf("stopped %d", waitpid(pid, &status, WUNTRACED) == pid);
    printf(" %x, told %d\n", status, handled);
    printf("again %d\n", waitpid(pid, &status, WUNTRACED | WNOHANG));
    kill(pid, SIGCONT);
    printf("waitid %d", waitid(P_PID, pid, &info, WCONTINUED | WNOWAIT));
    printf(" code %d status %d\n", info.si_code, info.si_status);
    printf("continued %d", waitpid(pid, &status, WCONTINUED) == pid);
    printf(" %x\n", status);
    kill(pid, SIGKILL);
    printf("waitid %d", waitid(P_ALL, 0, &info, WEXITED));
    printf(" code %d status %d own %d\n", info.si_code, info.si_status, info.si_pid == pid);
    printf("none %d\n", waitid(P_ALL, 0, &info, WEXITED) == 0 ? 0 : errno);
}

static void late(void)
{
    usleep(1000);
}

static void waits(void)
{
    handle(SIGCHLD, 0);
    handle(SIGUSR1, 0);
    int pid = child(late);
    int got = waitpid(pid, 0, 0);
    printf("waited %d, handled %d\n", got == pid, handled == SIGCHLD);
    handled = 0;
    signal(SIGCHLD, SIG_DFL);
    pid = vfork();
    if (pid == 0) {
        kill(getppid(), SIGUSR1);
        for (volatile int i = 0; i < 100000; i++)
            ;
        _exit(handled);
    }
    int status;
    printf("vfork %d, handled %d", pid > 0, handled);
    got = waitpid(pid, &status, 0);
    printf(", child saw %d\n", WEXITSTATUS(status));
}

static void broken_reads(void) { broken(reads, SIGUSR1); }
static void broken_restart(void) { broken(reads, SIGUSR2); }
static void broken_nap(void) { broken(naps, SIGWINCH); }
static void nothing(void) {}

static const struct { const char *name; void (*body)(void); } all[] = {
    {"exec", exec}, {"execthread", execthread}, {"read", broken_reads}, {"restart", broken_restart}, {"nap", broken_nap},
    {"left", left}, {"step", step}, {"events", events}, {"listen", listen_}, {"attach", attach}, {"exitkill", exitkill},
    {"words", words}, {"registers", registers}, {"jobs", jobs}, {"waits", waits}, {"nothing", nothing},
};

int main(int count, char **words)
{
    self = words[0];
    for (unsigned i = 0; count > 1 && i < sizeof all / sizeof *all; i++)
        if (strcmp(words[1], all[i].name) == 0)
            return all[i].body(), fflush(stdout), 0;
    return 1;
}
