// The Campaignfiles that `campaign init` writes, as they stand in the repository.
#pragma once
#include <stddef.h>

typedef struct {
  const unsigned char *_Nonnull bytes;
  size_t count;
} campaign_template;

campaign_template campaign_template_property(void);
campaign_template campaign_template_lodging(void);
campaign_template campaign_template_generic(void);
