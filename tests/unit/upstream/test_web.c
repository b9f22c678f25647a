/* Files of the web: a server of our own on the loopback address, and the cache. */
#include "fixture.h"

#include "sg/fs.h"
#include "web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- the server ------------------------------------------------------------------- */

struct server {
    int socket;
    unsigned port;
    pthread_t thread;
};

static void send_text(int to, const char *text, size_t len) {
    while (len > 0) {
        ssize_t sent = send(to, text, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the client has enough */
        }
        text += sent;
        len -= (size_t)sent;
    }
}

static void send_too_much(int to) {
    char *block = sg_xcalloc(1, 1 << 20);
    const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    send_text(to, head, sizeof(head) - 1);
    for (size_t sent = 0; sent <= SG_FS_MAX_FILE; sent += 1 << 20) {
        send_text(to, block, 1 << 20);
    }
    free(block);
}

static void answer(int to, const char *request) {
    static const struct {
        const char *path, *answer;
    } answers[] = {
        {"/a.yaml ",
         "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\na: 1\n"},
        {"/moved ", "HTTP/1.1 302 Found\r\nLocation: /a.yaml\r\n"
                    "Connection: close\r\nContent-Length: 0\r\n\r\n"},
        {"/to-disk ", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
                      "Connection: close\r\nContent-Length: 0\r\n\r\n"},
        {"/circle ", "HTTP/1.1 302 Found\r\nLocation: /circle\r\n"
                     "Connection: close\r\nContent-Length: 0\r\n\r\n"},
        {"/cut ",
         "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 50\r\n\r\na: 1\n"},
    };
    static const char gone[] = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n"
                               "Content-Length: 4\r\n\r\ngone";
    const char *path = strchr(request, ' ');
    if (path != NULL && strncmp(path + 1, "/large ", 7) == 0) {
        send_too_much(to);
        return;
    }
    for (size_t i = 0; path != NULL && i < SG_ARRAY_LEN(answers); i++) {
        if (strncmp(path + 1, answers[i].path, strlen(answers[i].path)) == 0) {
            send_text(to, answers[i].answer, strlen(answers[i].answer));
            return;
        }
    }
    send_text(to, gone, sizeof(gone) - 1);
}

/* One request a connection, which the answers say, until the socket is shut down. */
static void *serve(void *ctx) {
    const struct server *server = ctx;
    for (;;) {
        int to = accept(server->socket, NULL, NULL);
        char request[4096] = "";
        size_t len = 0;
        if (to < 0) {
            return NULL;
        }
        while (len < sizeof(request) - 1 && strstr(request, "\r\n\r\n") == NULL) {
            ssize_t got = recv(to, request + len, sizeof(request) - 1 - len, 0);
            if (got <= 0) {
                break;
            }
            len += (size_t)got;
            request[len] = '\0';
        }
        answer(to, request);
        close(to);
    }
}

static void server_start(struct server *server) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    server->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->socket >= 0);
    assert_int_equal(bind(server->socket, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(server->socket, 8), 0);
    assert_int_equal(getsockname(server->socket, (struct sockaddr *)&at, &len), 0);
    server->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void server_stop(struct server *server) {
    shutdown(server->socket, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->socket);
}

/* --- the tests -------------------------------------------------------------------- */

static int get(const struct fixture *f, const struct server *server, const char *path,
               bool offline, struct sg_buf *out, struct sg_err *err) {
    sg_auto_cstr url = sg_xasprintf("http://user:pw@127.0.0.1:%u%s", server->port, path);
    sg_auto_cstr cache = sg_xasprintf("%s/cache/sgupgrade", f->dir);
    return upstream_web_get(url, cache, offline, out, err);
}

static void test_bytes_come_and_stay_in_the_cache(void **state) {
    const struct fixture *f = *state;
    struct server server;
    struct sg_err err = {0};
    sg_auto_buf fresh = SG_BUF_INIT, moved = SG_BUF_INIT, kept = SG_BUF_INIT;
    server_start(&server);
    assert_ok(get(f, &server, "/a.yaml", false, &fresh, &err), &err);
    assert_ok(get(f, &server, "/moved", false, &moved, &err), &err);
    server_stop(&server);
    assert_string_equal(sg_buf_cstr(&fresh), "a: 1\n");
    assert_string_equal(sg_buf_cstr(&moved), "a: 1\n");
    assert_ok(get(f, &server, "/a.yaml", true, &kept, &err), &err);
    assert_string_equal(sg_buf_cstr(&kept), "a: 1\n");
    assert_int_equal(get(f, &server, "/other.yaml", true, &kept, &err), -1);
    assert_error(&err, SG_E_NOTFOUND, "/other.yaml is not in the cache", "--offline");
    assert_null(strstr(err.text, "pw"));
}

static void test_what_is_no_file_is_refused(void **state) {
    const struct fixture *f = *state;
    static const struct {
        const char *path;
        enum sg_code code;
        const char *text;
    } faults[] = {
        {"/none.yaml", SG_E_NOTFOUND, "/none.yaml: the server answers with status 404"},
        {"/to-disk", SG_E_IO, "cannot be fetched"},
        {"/circle", SG_E_IO, "redirects"},
        {"/cut", SG_E_IO, "cannot be fetched"},
        {"/large", SG_E_LIMIT, "larger than 64 MB"},
    };
    struct server server;
    server_start(&server);
    for (size_t i = 0; i < SG_ARRAY_LEN(faults); i++) {
        struct sg_err err = {0};
        sg_auto_buf out = SG_BUF_INIT;
        assert_int_equal(get(f, &server, faults[i].path, false, &out, &err), -1);
        assert_int_equal(out.len, 0);
        assert_error(&err, faults[i].code, faults[i].text, "");
        assert_null(strstr(err.text, "pw"));
        sg_err_clear(&err);
        assert_int_equal(get(f, &server, faults[i].path, true, &out, &err), -1);
        assert_int_equal(err.code, SG_E_NOTFOUND);
    }
    server_stop(&server);
    struct sg_err err = {0};
    sg_auto_buf out = SG_BUF_INIT;
    assert_int_equal(get(f, &server, "/a.yaml", false, &out, &err), -1);
    assert_error(&err, SG_E_IO, "cannot be fetched", "--offline");
}

/* A remote answers the same for one URL as long as it lives. */
static void test_a_url_is_asked_for_once(void **state) {
    const struct fixture *f = *state;
    struct server server;
    struct sg_err err = {0};
    sg_auto_buf first = SG_BUF_INIT, second = SG_BUF_INIT;
    sg_auto_cstr cache = sg_xasprintf("%s/cache/sgupgrade", f->dir);
    struct sg_upstream_opts opts = {.cache = cache};
    struct sg_upstream_remotes *remotes = sg_upstream_remotes_new(&opts);
    struct sg_remote remote = sg_upstream_remotes_as(remotes);
    server_start(&server);
    sg_auto_cstr url = sg_xasprintf("http://127.0.0.1:%u/a.yaml", server.port);
    assert_ok(remote.get(remote.ctx, url, &first, &err), &err);
    server_stop(&server);
    assert_ok(remote.get(remote.ctx, url, &second, &err), &err);
    assert_string_equal(sg_buf_cstr(&second), "a: 1\n");
    sg_upstream_remotes_free(remotes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bytes_come_and_stay_in_the_cache,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_file_is_refused, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_a_url_is_asked_for_once, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
