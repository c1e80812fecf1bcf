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

// Runs argv in its own process group, with default signals, descriptors 0, 1, 2 only, in `directory`.
// The child is killed when the calling thread dies, so `kill -9` of the tool leaves no writer behind.
// Returns the pid, or -errno.
pid_t campaign_spawn(const char *_Nonnull const *_Nonnull argv, const char *_Nonnull const *_Nonnull environment,
                     const char *_Nonnull directory, int standard_input, int standard_output, int standard_error);

// Waits for one child. Returns its exit code, 128 + signal, or -errno.
int campaign_wait(pid_t pid);

// Makes SIGINT, SIGTERM and SIGHUP write their number, one byte each, into a pipe; returns its read end or -errno.
// SIGPIPE is ignored.
int campaign_signal_pipe(void);

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
