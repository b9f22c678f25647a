/* libcurl.c - the functions of libcurl that we call. */
#include "libcurl.h"

#include "sg/late.h"

struct curl curl;

int upstream_load_curl(struct sg_err *err) {
    static const struct sg_late_symbol symbols[] = {
#define CURL_SYMBOL(name) {"curl_" #name, &curl.name},
        CURL_FUNCTIONS(CURL_SYMBOL)
#undef CURL_SYMBOL
    };
    static bool started;
    if (started) {
        return 0;
    }
    if (sg_late_load(SG_CURL_SONAME, symbols, SG_ARRAY_LEN(symbols), err) != 0) {
        return sg_err_hint(err, "install libcurl (on Debian the package libcurl4)");
    }
    CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (rc != CURLE_OK) {
        return sg_fail(err, SG_E_IO, "libcurl does not start: %s",
                       curl_easy_strerror(rc));
    }
    started = true;
    return 0;
}
