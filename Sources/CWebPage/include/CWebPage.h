#pragma once
#include <stddef.h>

/// A file of the web page, embedded in the program.
typedef struct {
  /// Where it is served, e.g. `/style.css`.
  const char *path;
  /// Its Content-Type.
  const char *type;
  const unsigned char *bytes;
  size_t size;
} campaign_page_file;

size_t campaign_page_count(void);
campaign_page_file campaign_page_file_at(size_t index);
