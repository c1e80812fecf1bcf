// #embed is C23; clang has it in every C.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CWebPage.h"

static const unsigned char index_html[] = {
#embed "page/index.html"
};
static const unsigned char style_css[] = {
#embed "page/style.css"
};
static const unsigned char icon_current[] = {
#embed "page/icon-current.svg"
};
static const unsigned char icon_running[] = {
#embed "page/icon-running.svg"
};
static const unsigned char icon_stale[] = {
#embed "page/icon-stale.svg"
};
static const unsigned char icon_failed[] = {
#embed "page/icon-failed.svg"
};
static const unsigned char icon_waiting[] = {
#embed "page/icon-waiting.svg"
};
static const unsigned char api_js[] = {
#embed "page/api.js"
};
static const unsigned char app_js[] = {
#embed "page/app.js"
};
static const unsigned char bar_js[] = {
#embed "page/bar.js"
};
static const unsigned char build_js[] = {
#embed "page/build.js"
};
static const unsigned char campaigns_js[] = {
#embed "page/campaigns.js"
};
static const unsigned char dialogs_js[] = {
#embed "page/dialogs.js"
};
static const unsigned char diff_js[] = {
#embed "page/diff.js"
};
static const unsigned char dom_js[] = {
#embed "page/dom.js"
};
static const unsigned char film_js[] = {
#embed "page/film.js"
};
static const unsigned char graph_js[] = {
#embed "page/graph.js"
};
static const unsigned char history_js[] = {
#embed "page/history.js"
};
static const unsigned char keys_js[] = {
#embed "page/keys.js"
};
static const unsigned char layout_js[] = {
#embed "page/layout.js"
};
static const unsigned char live_js[] = {
#embed "page/live.js"
};
static const unsigned char money_js[] = {
#embed "page/money.js"
};
static const unsigned char needs_js[] = {
#embed "page/needs.js"
};
static const unsigned char parts_js[] = {
#embed "page/parts.js"
};
static const unsigned char run_js[] = {
#embed "page/run.js"
};
static const unsigned char storyboard_js[] = {
#embed "page/storyboard.js"
};
static const unsigned char stream_js[] = {
#embed "page/stream.js"
};
static const unsigned char takes_js[] = {
#embed "page/takes.js"
};
static const unsigned char view_js[] = {
#embed "page/view.js"
};
static const unsigned char why_js[] = {
#embed "page/why.js"
};
static const unsigned char words_js[] = {
#embed "page/words.js"
};

#define FILE_AT(path, type, bytes) {path, type, bytes, sizeof bytes}
#define ICON(name) FILE_AT("/icon-" #name ".svg", "image/svg+xml", icon_##name)
#define SCRIPT(name) FILE_AT("/" #name ".js", "text/javascript; charset=utf-8", name##_js)

static const unsigned char openapi_json[] = {
#embed "../CampaignWeb/openapi.json"
};

static const campaign_page_file files[] = {
    FILE_AT("/api/v1/openapi.json", "application/json", openapi_json),
    FILE_AT("/", "text/html; charset=utf-8", index_html),
    FILE_AT("/style.css", "text/css; charset=utf-8", style_css),
    ICON(current),
    ICON(running),
    ICON(stale),
    ICON(failed),
    ICON(waiting),
    SCRIPT(api),
    SCRIPT(app),
    SCRIPT(bar),
    SCRIPT(build),
    SCRIPT(campaigns),
    SCRIPT(dialogs),
    SCRIPT(diff),
    SCRIPT(dom),
    SCRIPT(film),
    SCRIPT(graph),
    SCRIPT(history),
    SCRIPT(keys),
    SCRIPT(layout),
    SCRIPT(live),
    SCRIPT(money),
    SCRIPT(needs),
    SCRIPT(parts),
    SCRIPT(run),
    SCRIPT(storyboard),
    SCRIPT(stream),
    SCRIPT(takes),
    SCRIPT(view),
    SCRIPT(why),
    SCRIPT(words),
};

size_t campaign_page_count(void) { return sizeof files / sizeof files[0]; }

campaign_page_file campaign_page_file_at(size_t index) { return files[index]; }
