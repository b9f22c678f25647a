/*
 * bare_yaml.c - libyaml alone: parses the named files and emits what it parsed, dropping
 * the bytes. The yardstick for what reading and writing cost a build.
 *
 * usage: bare_yaml FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

static int drop(void *ctx, unsigned char *bytes, size_t len) {
    (void)bytes;
    *(size_t *)ctx += len;
    return 1;
}

/* Hands every event of the file on to the emitter; 0 where one of them refuses. */
static int pass(FILE *file, yaml_emitter_t *emitter, int last) {
    yaml_parser_t parser;
    int ok = yaml_parser_initialize(&parser), done = 0;
    yaml_parser_set_input_file(&parser, file);
    while (ok && !done) {
        yaml_event_t event;
        ok = yaml_parser_parse(&parser, &event);
        done = ok && event.type == YAML_STREAM_END_EVENT;
        int edge = ok && (event.type == YAML_STREAM_START_EVENT || done);
        if (ok && edge) {
            yaml_event_delete(&event); /* one stream for all files */
        } else if (ok) {
            ok = yaml_emitter_emit(emitter, &event);
        }
    }
    yaml_parser_delete(&parser);
    if (ok && last) {
        yaml_event_t end;
        ok = yaml_stream_end_event_initialize(&end) && yaml_emitter_emit(emitter, &end);
    }
    return ok;
}

int main(int argc, char **argv) {
    yaml_emitter_t emitter;
    yaml_event_t start;
    size_t written = 0;
    int ok = yaml_emitter_initialize(&emitter);
    yaml_emitter_set_output(&emitter, drop, &written);
    yaml_emitter_set_unicode(&emitter, 1);
    ok = ok && yaml_stream_start_event_initialize(&start, YAML_UTF8_ENCODING) &&
         yaml_emitter_emit(&emitter, &start);
    for (int i = 1; ok && i < argc; i++) {
        FILE *file = fopen(argv[i], "rbe");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        ok = pass(file, &emitter, i + 1 == argc);
        fclose(file);
    }
    yaml_emitter_delete(&emitter);
    if (!ok) {
        fprintf(stderr, "bare_yaml: libyaml refuses an event\n");
        return 1;
    }
    printf("%zu bytes written\n", written);
    return 0;
}
