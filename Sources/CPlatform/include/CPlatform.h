// What Swift cannot say itself: variadic or macro-only parts of libc, a spawn that leaves no orphan,
// and memory that a lock guards.
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// A lock and the storage it guards. The annotation is the promise that the storage is touched
// under the lock only; `Guarded` keeps it.
typedef struct __attribute__((swift_attr("@Sendable"))) {
  pthread_mutex_t *_Nonnull mutex;
  pthread_cond_t *_Nonnull changed;
  void *_Nonnull storage;
} campaign_guarded;

campaign_guarded campaign_guarded_make(size_t size, size_t alignment);
void campaign_guarded_free(campaign_guarded guarded);

// Starts a detached thread with a 512 KiB stack; returns 0 or an errno.
int campaign_thread_start(void *_Nullable (*_Nonnull body)(void *_Nullable), void *_Nullable context);

// The first call of a program: opens what is closed of descriptors 0, 1 and 2, so that no file of ours gets there, and
// makes the limit on the size of files an error of `write`.
void campaign_begin(void);

// Runs argv in a session of its own, with default signals, descriptors 0, 1, 2 only, in `directory`. Returns the pid,
// or -errno. When this process ends, however it does, the whole session is killed: a process forked beside the first
// child waits for that.
pid_t campaign_spawn(const char *_Nonnull const *_Nonnull argv, const char *_Nonnull const *_Nonnull environment,
                     const char *_Nonnull directory, int standard_input, int standard_output, int standard_error);

// Signals all processes of a child's session. Only before campaign_wait: then its number may be another's.
void campaign_signal(pid_t child, int number);

// A descriptor that becomes readable when a child has ended, or -1.
int campaign_watch(pid_t child);

// Returns when a child has ended.
void campaign_await(pid_t child);

// Waits for one child. Returns its exit code, 128 + signal, or -errno.
int campaign_wait(pid_t child);

// Makes SIGINT, SIGTERM and SIGHUP write their number, one byte each, into a pipe; returns its read end or -errno.
// SIGTSTP stops the children too, and SIGPIPE is ignored.
int campaign_signal_pipe(void);

// How many bytes can be read from a pipe now.
int campaign_readable(int descriptor);

// Fills ends[0] (read) and ends[1] (write) of a close-on-exec pipe; returns 0 or an errno.
int campaign_pipe(int ends[_Nonnull 2]);

// What stat says of a file that vouches for its content; times in nanoseconds since 1970.
typedef struct {
  int64_t size, modified, changed;
  uint64_t inode;
} campaign_stamp;

// Looks at `count` files on all cores: path number n begins at paths + starts[n], relative to the open folder
// `folder`. Where the stamp is not stamps[n], changed[n] becomes 1. A missing file has the stamp 0; one whose size
// is to be -1 counts as changed unseen. With `changed` NULL those are passed over, and the search ends at the first
// difference. Returns whether there is one.
bool campaign_stamps_differ(int folder, const char *_Nonnull paths, const uint32_t *_Nonnull starts,
                            const campaign_stamp *_Nonnull stamps, size_t count, uint8_t *_Nullable changed);

int campaign_open(const char *_Nonnull path, int flags, mode_t mode);
bool campaign_would_block(int error);
// Leaves as they are what is not known.
void campaign_terminal_size(int descriptor, int *_Nonnull columns, int *_Nonnull rows);
int campaign_character_width(uint32_t scalar);
// Bytes free for an unprivileged user on the file system of `path`, or -1.
int64_t campaign_free_bytes(const char *_Nonnull path);
char *_Nullable *_Nonnull campaign_environment(void);
