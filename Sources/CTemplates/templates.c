// #embed is C23; clang has it in every C.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CTemplates.h"

static const unsigned char property[] = {
#embed "../../Campaignfile.example"
};

static const unsigned char lodging[] = {
#embed "../../templates/lodging.Campaignfile"
};

static const unsigned char generic[] = {
#embed "../../templates/generic.Campaignfile"
};

static const unsigned char minimal[] = {
#embed "../../templates/minimal.Campaignfile"
};

static const unsigned char models[] = {
#embed "../../templates/models.Campaignfile"
};

static const unsigned char schema[] = {
#embed "../../templates/output.schema.json"
};

static const unsigned char rehearsal[] = {
#embed "../../templates/rehearsal.json"
};

campaign_template campaign_template_property(void) { return (campaign_template){property, sizeof property}; }

campaign_template campaign_template_lodging(void) { return (campaign_template){lodging, sizeof lodging}; }

campaign_template campaign_template_generic(void) { return (campaign_template){generic, sizeof generic}; }

campaign_template campaign_template_minimal(void) { return (campaign_template){minimal, sizeof minimal}; }

campaign_template campaign_template_models(void) { return (campaign_template){models, sizeof models}; }

campaign_template campaign_template_rehearsal(void) { return (campaign_template){rehearsal, sizeof rehearsal}; }

campaign_template campaign_template_schema(void) { return (campaign_template){schema, sizeof schema}; }
