// The body of every step: t OUT IN... writes the FNV-1a hash of the inputs to OUT. No libc, so that starting it costs
// as little as a process can. The first to run after the harness removed `.first` leaves the time there.
#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

static void leave(int code) {
  for (;;) call(SYS_exit_group, code, 0, 0);
}

static long opened(const char *path, int flags) {
  return call(SYS_open, (long)path, flags | O_CLOEXEC, 0644);
}

static void note_first(void) {
  long file = opened(".first", O_WRONLY | O_CREAT | O_EXCL);
  if (file < 0) return;
  struct timespec now;
  call(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0);
  call(SYS_write, file, (long)&now, sizeof now);
}

static unsigned long hash_of(int count, char **paths) {
  static unsigned char bytes[1 << 16];
  unsigned long hash = 14695981039346656037UL;
  for (int i = 0; i < count; i++) {
    long file = opened(paths[i], O_RDONLY), size;
    if (file < 0) leave(1);
    while ((size = call(SYS_read, file, (long)bytes, sizeof bytes)) > 0)
      for (long k = 0; k < size; k++) hash = (hash ^ bytes[k]) * 1099511628211UL;
    call(SYS_close, file, 0, 0);
  }
  return hash;
}

__attribute__((used)) static void body(long *stack) {
  int count = (int)stack[0];
  char **arguments = (char **)(stack + 1);
  note_first();
  unsigned long hash = hash_of(count - 2, arguments + 2);
  char text[17];
  for (int i = 15; i >= 0; i--, hash >>= 4) text[i] = "0123456789abcdef"[hash & 15];
  text[16] = '\n';
  long file = opened(arguments[1], O_WRONLY | O_CREAT | O_TRUNC);
  leave(file < 0 || call(SYS_write, file, (long)text, sizeof text) != sizeof text);
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call body\n");
