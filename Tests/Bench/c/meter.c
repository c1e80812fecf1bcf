// `meter REPORT COMMAND...` runs a command and writes "wall-ns cpu-ns peak-KiB code" to REPORT. It is small because a
// child's peak memory is never less than that of the program which started it.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

static long nanoseconds(struct timeval time) { return time.tv_sec * 1000000000L + time.tv_usec * 1000L; }

int main(int count, char **arguments) {
  if (count < 3) return 2;
  pid_t pid;
  int status;
  struct rusage usage;
  long start = now();
  if (posix_spawnp(&pid, arguments[2], NULL, NULL, arguments + 2, environ)) return 127;
  if (wait4(pid, &status, 0, &usage) != pid) return 2;
  long wall = now() - start;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  FILE *report = fopen(arguments[1], "w");
  if (!report) return 2;
  fprintf(report, "%ld %ld %ld %d\n", wall, nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
          usage.ru_maxrss, code);
  return fclose(report) != 0;
}
