/* web.c - see web.h. */
#include "web.h"

#include "cache.h"
#include "libcurl.h"

#include "sg/fs.h"
#include "sg/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_SECONDS 30L
#define STALL_SECONDS   60L /* less than a byte a second for so long: given up */
#define MAX_REDIRECTS   10L /* as Go's client, which kustomize uses */

/* --- the cache -------------------------------------------------------------------- */

static char *cached_path(const char *cache, const char *url) {
    char hash[SG_SHA256_HEX + 1];
    sg_sha256_hex(url, strlen(url), hash);
    return sg_xasprintf("%s/web/%.40s", cache, hash);
}

/* A copy that cannot be kept is no failure: the bytes are there. */
static void keep(const char *path, const struct sg_buf *bytes) {
    struct sg_err ignored = {0};
    sg_auto_cstr dir = sg_xstrndup(path, (size_t)(strrchr(path, '/') - path));
    sg_auto_cstr passing = sg_xasprintf("%s.%ld", path, (long)getpid());
    if (upstream_make_folders(dir, &ignored) != 0) {
        return;
    }
    FILE *file = fopen(passing, "wbe");
    if (file == NULL) {
        return;
    }
    bool whole = fwrite(bytes->ptr, 1, bytes->len, file) == bytes->len;
    whole = fclose(file) == 0 && whole;
    if (!whole || rename(passing, path) != 0) {
        (void)unlink(passing);
    }
}

static int read_cached(const char *path, const char *shown, struct sg_buf *out,
                       struct sg_err *err) {
    sg_auto_cstr dir = sg_xstrndup(path, (size_t)(strrchr(path, '/') - path));
    sg_auto_fs fs = access(path, F_OK) == 0 ? sg_fs_disk(dir, err) : NULL;
    if (fs != NULL) {
        return sg_fs_read(fs, strrchr(path, '/') + 1, out, err);
    }
    (void)sg_fail(err, SG_E_NOTFOUND, "%s is not in the cache", shown);
    return sg_err_hint(err, "run it once without --offline");
}

/* --- the network ------------------------------------------------------------------ */

static size_t take(char *bytes, size_t size, size_t count, void *ctx) {
    struct sg_buf *body = ctx;
    sg_buf_add(body, bytes, size * count);
    return body->over ? 0 : size * count;
}

static bool set_up(CURL *handle, const char *url, struct sg_buf *body, char *why) {
    return curl_easy_setopt(handle, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") ==
               CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_MAXREDIRS, MAX_REDIRECTS) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) ==
               CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           /* whatever it can unpack */
           curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_USERAGENT, "sgupgrade/" SG_VERSION) ==
               CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, why) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_WRITEDATA, body) == CURLE_OK;
}

static int fail_transfer(CURLcode rc, const char *why, const char *shown,
                         const struct sg_buf *body, struct sg_err *err) {
    if (body->over) {
        (void)sg_fail(err, SG_E_LIMIT, "%s is larger than %zu MB", shown,
                      SG_FS_MAX_FILE >> 20);
        return sg_err_hint(err, "name a smaller file, or download its parts into the "
                                "repository");
    }
    (void)sg_fail(err, SG_E_IO, "%s cannot be fetched: %s", shown,
                  *why ? why : curl_easy_strerror(rc));
    return sg_err_hint(err,
                       "check the network and the proxy; --offline takes the copy of "
                       "the last time");
}

static int transfer(CURL *handle, const char *url, const char *shown, struct sg_buf *body,
                    struct sg_err *err) {
    char why[CURL_ERROR_SIZE] = "";
    long status = 0;
    if (!set_up(handle, url, body, why)) {
        (void)sg_fail(err, SG_E_IO, "this libcurl is too old or has no https");
        return sg_err_hint(err, "install libcurl 7.85 or newer");
    }
    CURLcode rc = curl_easy_perform(handle);
    if (rc != CURLE_OK) {
        return fail_transfer(rc, why, shown, body, err);
    }
    if (curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
        status < 200 || status > 299) {
        (void)sg_fail(err, SG_E_NOTFOUND, "%s: the server answers with status %ld", shown,
                      status);
        return sg_err_hint(err, "check the URL");
    }
    return 0;
}

int upstream_web_get(const char *url, const char *cache, bool offline, struct sg_buf *out,
                     struct sg_err *err) {
    sg_auto_cstr shown = sg_upstream_url_shown(url);
    sg_auto_cstr path = cached_path(cache, url);
    if (offline) {
        return read_cached(path, shown, out, err);
    }
    if (upstream_load_curl(err) != 0) {
        return -1;
    }
    CURL *handle = curl_easy_init();
    if (handle == NULL) {
        return sg_fail(err, SG_E_IO, "libcurl has no handle left");
    }
    sg_auto_buf body = {.max = SG_FS_MAX_FILE};
    int status = transfer(handle, url, shown, &body, err);
    curl_easy_cleanup(handle);
    if (status == 0) {
        keep(path, &body);
        sg_buf_add(out, body.ptr, body.len);
    }
    return status;
}
