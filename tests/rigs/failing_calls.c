/*
 * Injects faults into a program. Preload it with LD_PRELOAD (ld.so(8)).
 *
 * Counts, from 1, the calls that change a file below FOB_FAULT_BELOW or send to a socket below it. At call number
 * FOB_FAULT_AT, it creates the file FOB_FAULT_MARK, and before the call is done, one of these:
 *   FOB_FAULT_KILL, FOB_FAULT_STOP: kills or stops the process with that ID. With both, the first process is killed
 *   only after the message has reached the second one.
 *   FOB_FAULT_CLOCK: the system clock jumps by that many seconds.
 *   FOB_FAULT_ERRNO: the call fails with that errno. EIO fails once, any other errno from then on. With ENOSPC, half
 *   of the first write succeeds, and existing files can still be opened, truncated and removed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int calls;

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

static int is_below(const char *path) {
  const char *below = getenv("FOB_FAULT_BELOW");
  return below != NULL && strncmp(path, below, strlen(below)) == 0;
}

/* 1 for call number FOB_FAULT_AT, 2 for the next call, and so on; 0 before it and for paths that are not counted. */
static int reach(const char *path) {
  long at = number("FOB_FAULT_AT");
  const char *mark = getenv("FOB_FAULT_MARK");
  if (at == 0 || mark == NULL || !is_below(path)) return 0;
  int passed = atomic_fetch_add(&calls, 1) + 2 - (int)at;
  if (passed == 1) close(REAL(open)(mark, O_CREAT | O_WRONLY, 0600));
  return passed > 0 ? passed : 0;
}

/* Whether the change of `path` fails, with errno set. On a full disk, only changes that need space fail. */
static int fails(const char *path, int grows) {
  int passed = reach(path), error = (int)number("FOB_FAULT_ERRNO");
  if (passed == 0 || error == 0 || (error == EIO && passed > 1) || (error == ENOSPC && !grows)) return 0;
  errno = error;
  return passed;
}

static int fails_on(int fd, int grows) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return fails(path, grows);
}

static int exists(const char *path) { return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0; }

static int open_fails(const char *path, int flags) {
  int is_new = (flags & O_CREAT) != 0 && !exists(path);
  return (is_new || (flags & O_ACCMODE) != O_RDONLY) && fails(path, is_new);
}

#define OPEN(name)                                           \
  int name(const char *path, int flags, ...) {               \
    va_list rest;                                            \
    va_start(rest, flags);                                   \
    mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                            \
    return open_fails(path, flags) ? -1 : REAL(name)(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *bytes, size_t size) {
  int passed = fails_on(fd, 1);
  if (passed == 1 && errno == ENOSPC && size > 1) return REAL(write)(fd, bytes, size / 2);
  return passed ? -1 : REAL(write)(fd, bytes, size);
}

int fsync(int fd) { return fails_on(fd, 1) ? -1 : REAL(fsync)(fd); }
int ftruncate64(int fd, off64_t size) { return fails_on(fd, 0) ? -1 : REAL(ftruncate64)(fd, size); }
int fchmod(int fd, mode_t mode) { return fails_on(fd, 0) ? -1 : REAL(fchmod)(fd, mode); }
int chmod(const char *path, mode_t mode) { return fails(path, 0) ? -1 : REAL(chmod)(path, mode); }
int unlink(const char *path) { return fails(path, 0) ? -1 : REAL(unlink)(path); }
int rename(const char *from, const char *to) { return fails(to, 1) ? -1 : REAL(rename)(from, to); }
int symlink(const char *to, const char *path) { return fails(path, 1) ? -1 : REAL(symlink)(to, path); }

int mkdir(const char *path, mode_t mode) {
  return !exists(path) && fails(path, 1) ? -1 : REAL(mkdir)(path, mode);
}

/* Whether this message is call number FOB_FAULT_AT. Stops the process FOB_FAULT_STOP then. */
static int is_fault(int fd) {
  struct sockaddr_un peer = {0};
  socklen_t length = sizeof peer - 1;
  if (getpeername(fd, (struct sockaddr *)&peer, &length) != 0 || peer.sun_family != AF_UNIX) return 0;
  if (reach(peer.sun_path) != 1) return 0;
  long stopped = number("FOB_FAULT_STOP");
  if (stopped > 0) kill((pid_t)stopped, SIGSTOP);
  return 1;
}

/* Kills the process FOB_FAULT_KILL, and waits until the socket reports its end. */
static void kill_behind(int fd) {
  long killed = number("FOB_FAULT_KILL");
  if (killed <= 0) return;
  kill((pid_t)killed, SIGKILL);
  poll(&(struct pollfd){.fd = fd}, 1, 5000);
}

/* With a stopped process, the message is delivered to it before the other process is killed. */
#define SEND(call)                                         \
  int is_it = is_fault(fd);                              \
  int is_delivered = is_it && number("FOB_FAULT_STOP") > 0; \
  if (is_it && !is_delivered) kill_behind(fd);             \
  ssize_t sent = call;                                     \
  if (is_delivered) {                                      \
    usleep(50000);                                         \
    kill_behind(fd);                                       \
  }                                                        \
  return sent;

ssize_t send(int fd, const void *bytes, size_t size, int flags) { SEND(REAL(send)(fd, bytes, size, flags)) }
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) { SEND(REAL(sendmsg)(fd, message, flags)) }

/* Seconds by which the system clock has jumped. With FOB_FAULT_AT=0, it jumps before the program starts. */
static long jump(void) {
  long seconds = number("FOB_FAULT_CLOCK"), at = number("FOB_FAULT_AT");
  return seconds != 0 && atomic_load(&calls) >= at ? seconds : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int failed = (int)syscall(SYS_clock_gettime, clock, time);
  if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += jump();
  return failed;
}

int gettimeofday(struct timeval *time, void *zone) {
  int failed = (int)syscall(SYS_gettimeofday, time, zone);
  if (!failed) time->tv_sec += jump();
  return failed;
}
