/*
 * Fails one call of write(2), fsync(2), rename(2) or unlink(2) with EIO, as a disk does that breaks: the one with the
 * number FOB_FAULT_AT, from 1, of those on files below FOB_FAULT_BELOW. FOB_FAULT_MARK is made when it has
 * failed. To be preloaded (ld.so(8), LD_PRELOAD).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int calls;

static int is_below(const char *path) {
  const char *below = getenv("FOB_FAULT_BELOW");
  return below != NULL && strncmp(path, below, strlen(below)) == 0;
}

static int fails(const char *path) {
  const char *at = getenv("FOB_FAULT_AT"), *mark = getenv("FOB_FAULT_MARK");
  if (at == NULL || mark == NULL || !is_below(path)) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 != atoi(at)) return 0;
  close(open(mark, O_CREAT | O_WRONLY, 0600));
  errno = EIO;
  return 1;
}

static int fails_on(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return fails(path);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  return fails_on(fd) ? -1 : real(fd, bytes, size);
}

int fsync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  return fails_on(fd) ? -1 : real(fd);
}

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  return fails(to) ? -1 : real(from, to);
}

int unlink(const char *path) {
  int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
  return fails(path) ? -1 : real(path);
}
