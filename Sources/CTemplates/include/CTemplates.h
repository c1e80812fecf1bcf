// Files of the repository as they stand there: the Campaignfiles that `campaign init` writes.
#pragma once
#include <stddef.h>

typedef struct {
  const unsigned char *_Nonnull bytes;
  size_t count;
} campaign_template;

campaign_template campaign_template_property(void);
campaign_template campaign_template_lodging(void);
campaign_template campaign_template_generic(void);
campaign_template campaign_template_minimal(void);

// The table of models.
campaign_template campaign_template_models(void);

// What the models of the fake provider take: JSON.
campaign_template campaign_template_rehearsal(void);

// What the commands print as JSON: a JSON Schema.
campaign_template campaign_template_schema(void);
