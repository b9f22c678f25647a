/*
 * replay.c - runs a fuzzer's entry on every file of the given folders, so that the corpus
 * and past crashes are part of every test run, with any compiler.
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The buffer is exactly as large as the file, so that reads past it are seen. */
static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    struct stat info;
    size_t size = fstat(fileno(file), &info) == 0 ? (size_t)info.st_size : 0;
    uint8_t *data = malloc(size ? size : 1);
    size_t got = data ? fread(data, 1, size, file) : 0;
    fclose(file);
    if (!data || got != size) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(data);
        return -1;
    }
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

/* Returns how many files were run, or -1. */
static int replay_folder(const char *folder) {
    DIR *dir = opendir(folder);
    int count = 0;
    if (!dir) {
        perror(folder);
        return -1;
    }
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[PATH_MAX];
        struct stat info;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
            continue;
        }
        if (replay_file(path)) {
            count = -1;
            break;
        }
        count++;
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv) {
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int count = replay_folder(argv[i]);
        if (count < 0) {
            return 1;
        }
        total += count;
    }
    printf("replayed %d files\n", total);
    if (total == 0) {
        fprintf(stderr, "expected at least one file in the given folders\n");
    }
    return total == 0;
}
