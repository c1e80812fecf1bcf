#pragma once
#include <curl/curl.h>

// Swift cannot call variadic functions: one typed name for each kind of argument.

static inline CURLcode campaign_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode campaign_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
// libcurl copies the text, but for CURLOPT_POSTFIELDS, which is a pointer.
static inline CURLcode campaign_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode campaign_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode campaign_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*campaign_curl_data)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode campaign_curl_set_data(CURL *handle, CURLoption option, campaign_curl_data value) {
  return curl_easy_setopt(handle, option, value);
}
typedef int (*campaign_curl_progress)(void *context, curl_off_t total_down, curl_off_t down, curl_off_t total_up,
                                      curl_off_t up);
static inline CURLcode campaign_curl_set_progress(CURL *handle, campaign_curl_progress value) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

static inline long campaign_curl_long(CURL *handle, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}
static inline curl_off_t campaign_curl_offset(CURL *handle, CURLINFO info) {
  curl_off_t value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}
// Lives as long as the handle's next transfer has not begun; may be NULL.
static inline const char *campaign_curl_text(CURL *handle, CURLINFO info) {
  char *value = NULL;
  curl_easy_getinfo(handle, info, &value);
  return value;
}
