// Preloaded into one program, kills it at its n-th call that leaves a trace outside: for tests of crashes.
//   CRASH_IN    the name of the program that is meant; its children with other names go on unharmed
//   CRASH_AT    which call; 0: none
//   CRASH_HALF  1: a write or send is done by half before
//   CRASH_COUNT the file that receives the number of calls at the end
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;
static long crash_at;
static int is_meant, cuts_half;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("CRASH_IN"), *at = getenv("CRASH_AT"), *half = getenv("CRASH_HALF");
  is_meant = name && strcmp(program_invocation_short_name, name) == 0;
  crash_at = at ? atol(at) : 0;
  cuts_half = half && *half == '1';
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("CRASH_COUNT");
  if (!is_meant || !path) return;
  char text[32];
  long number = atomic_load(&calls), length = 0;
  char digits[32];
  do digits[length++] = (char)('0' + number % 10); while (number /= 10);
  for (long i = 0; i < length; i++) text[i] = digits[length - 1 - i];
  text[length++] = '\n';
  long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  syscall(SYS_write, file, text, length);
}

// Counts a call; does not come back from the one at which to die, but for a write that is to be cut first.
static int is_last(int can_cut) {
  if (!is_meant || atomic_fetch_add(&calls, 1) + 1 != crash_at) return 0;
  if (cuts_half && can_cut) return 1;
  syscall(SYS_kill, getpid(), SIGKILL);
  return 0;
}

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
  if (file != 2 && is_last(1)) { syscall(SYS_write, file, bytes, count / 2); die(); }
  return syscall(SYS_write, file, bytes, count);
}

ssize_t send(int file, const void *bytes, size_t count, int flags) {
  if (is_last(1)) { syscall(SYS_sendto, file, bytes, count / 2, flags, NULL, 0); die(); }
  return syscall(SYS_sendto, file, bytes, count, flags, NULL, 0);
}

ssize_t recv(int file, void *bytes, size_t count, int flags) {
  is_last(0);
  return syscall(SYS_recvfrom, file, bytes, count, flags, NULL, NULL);
}

int fsync(int file) { is_last(0); return REAL(fsync)(file); }
int rename(const char *from, const char *to) { is_last(0); return REAL(rename)(from, to); }
int unlink(const char *path) { is_last(0); return REAL(unlink)(path); }
int mkdir(const char *path, mode_t mode) { is_last(0); return REAL(mkdir)(path, mode); }
int ftruncate(int file, off_t length) { is_last(0); return REAL(ftruncate)(file, length); }

static int opened(const char *path, int flags, mode_t mode) {
  if (flags & O_CREAT) is_last(0);
  long file = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  return (int)file;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode);
}
