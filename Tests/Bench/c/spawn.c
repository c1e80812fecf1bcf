// The least that many steps cost: `spawn THREADS < COMMANDS` runs one command a line, words apart by one blank, from so
// many threads, each of which starts one and waits for it. No engine at all.
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;
static char **lines;
static size_t count;
static atomic_size_t next, failed;

static void *work(void *unused) {
  for (size_t i; (i = next++) < count;) {
    char *words[16], *rest = lines[i];
    int word = 0, status;
    while (word < 15 && (words[word] = strsep(&rest, " "))) word++;
    words[word] = NULL;
    pid_t pid;
    if (posix_spawn(&pid, words[0], NULL, NULL, words, environ)) failed++;
    else if (waitpid(pid, &status, 0) != pid || status) failed++;
  }
  return unused;
}

int main(int arguments, char **argument) {
  size_t threads = arguments > 1 ? strtoul(argument[1], NULL, 10) : 1;
  char *line = NULL;
  for (size_t room = 0; getline(&line, &room, stdin) > 0;) {
    line[strcspn(line, "\n")] = 0;
    lines = realloc(lines, (count + 1) * sizeof *lines);
    lines[count++] = strdup(line);
  }
  pthread_t others[threads];
  for (size_t i = 1; i < threads; i++) pthread_create(&others[i], NULL, work, NULL);
  work(NULL);
  for (size_t i = 1; i < threads; i++) pthread_join(others[i], NULL);
  return failed != 0;
}
