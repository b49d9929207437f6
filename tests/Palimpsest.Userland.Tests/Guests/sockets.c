// Sockets within one machine, and waiting for them: what Linux says, line by line. Built as the others:
// aarch64-linux-gnu-gcc -O2 -static -s sockets.c -o sockets, then gzip -9n.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in loopback(int port, const char *address)
{
    struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, address, &name.sin_addr);
    return name;
}

static struct sockaddr_un path(const char *at)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    strcpy(name.sun_path, at);
    return name;
}

static int result(const char *what, int value)
{
    printf("%s: %s\n", what, value < 0 ? strerror(errno) : "yes");
    return value;
}

// A child that gives everything back in capitals.
static void serve(int listener)
{
    int socket = accept(listener, NULL, NULL);
    char bytes[100];
    ssize_t count;
    while ((count = recv(socket, bytes, sizeof bytes, 0)) > 0) {
        for (int i = 0; i < count; i++)
            bytes[i] -= bytes[i] >= 'a' && bytes[i] <= 'z' ? 32 : 0;
        send(socket, bytes, count, MSG_NOSIGNAL);
    }
    _exit(7);
}

static void talk(const char *what, int family, struct sockaddr *name, socklen_t length)
{
    int listener = socket(family, SOCK_STREAM, 0);
    result(what, bind(listener, name, length));
    getsockname(listener, name, &length);
    listen(listener, 5);
    int again = socket(family, SOCK_STREAM, 0);
    result("bound twice", bind(again, name, length));
    if (fork() == 0)
        serve(listener);
    int client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    result("connected", connect(client, name, length));
    result("connected twice", connect(client, name, length));
    struct sockaddr_storage peer;
    socklen_t peerLength = sizeof peer;
    result("has a peer", getpeername(client, (struct sockaddr *)&peer, &peerLength));
    printf("the peer's is the name: %d\n", peer.ss_family == name->sa_family);
    struct iovec parts[] = { { "hello ", 6 }, { "you", 3 } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
    printf("sent %zd\n", sendmsg(client, &message, 0));
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(client, &readable);
    struct timeval second = { 10, 0 };
    printf("select %d %d\n", select(client + 1, &readable, NULL, NULL, &second), FD_ISSET(client, &readable) != 0);
    char bytes[100] = "";
    printf("peeked %zd", recv(client, bytes, 5, MSG_PEEK | MSG_WAITALL));
    printf(" %s\n", bytes);
    ssize_t got = 0;
    while (got < 9)
        got += read(client, bytes + got, sizeof bytes - got);
    printf("read %zd %s\n", got, bytes);
    result("nothing to read", recv(client, bytes, 1, MSG_DONTWAIT));
    shutdown(client, SHUT_WR);
    int status;
    wait(&status);
    printf("server %d, end %zd\n", WEXITSTATUS(status), read(client, bytes, 1));
    result("sent to nobody", send(client, "x", 1, MSG_NOSIGNAL));
    close(listener);
    close(client);
}

int main(void)
{
    struct sockaddr_in internet = loopback(0, "127.0.0.1");
    talk("loopback", AF_INET, (struct sockaddr *)&internet, sizeof internet);
    struct sockaddr_un local = path("/tmp/palimpsest-socket");
    unlink(local.sun_path);
    talk("by path", AF_UNIX, (struct sockaddr *)&local, sizeof local);
    unlink(local.sun_path);
    struct sockaddr_un hidden = path("-abstract");
    hidden.sun_path[0] = 0;
    talk("by name", AF_UNIX, (struct sockaddr *)&hidden, offsetof(struct sockaddr_un, sun_path) + 9);
    int free = socket(AF_INET, SOCK_STREAM, 0);
    internet = loopback(1, "127.0.0.1");
    result("nobody listens", connect(free, (struct sockaddr *)&internet, sizeof internet));
    result("not connected", recv(free, &internet, 1, 0));
    result("no socket", listen(0, 1));
    int ends[2];
    result("a pair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    struct pollfd polled[] = { { ends[0], POLLIN | POLLOUT }, { ends[1], POLLIN } };
    write(ends[0], "abc", 3);
    printf("poll %d %d %d\n", poll(polled, 2, 1000), polled[0].revents, polled[1].revents);
    struct timeval none = { 0, 0 };
    fd_set writable;
    FD_ZERO(&writable);
    FD_SET(ends[1], &writable);
    printf("select %d\n", select(ends[1] + 1, NULL, &writable, NULL, &none));
    close(ends[0]);
    char bytes[10];
    printf("read %zd then %zd\n", read(ends[1], bytes, 10), read(ends[1], bytes, 10));
    return 0;
}
