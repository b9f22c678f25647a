/*
 * world.h - an upstream with releases and a project that follows it, in a folder of their
 * own that goes with the test.
 */
#ifndef WORLD_H
#define WORLD_H

#include "sg/repo.h"

struct world {
    char root[256]; /* the folder of it all */
    char up[300];   /* upstream: releases 1.0.0, 1.1.0, 1.2.0 and 2.0.0 */
    char dir[300];  /* the project */
    struct sg_repo_opts opts;
};

/* Upstream is made, the project's folder is not. False where there is no git. */
bool world_init(struct world *world);
void world_release(struct world *world);
/* The project at `version`, in a git repository, committed, with `overlays/default`
 * changed to set an image tag and a number of replicas. */
void world_start(struct world *world, const char *version);

/* Runs a shell command in the project; a failure fails the test. The format's arguments
 * are ours. */
SG_PRINTF(2, 3) void world_run(const struct world *world, const char *fmt, ...);
void world_write(const struct world *world, const char *path, const char *text);
bool world_has(const struct world *world, const char *path);
char *world_read(const struct world *world, const char *path); /* malloced */
/* A digest over all files of the project with their modes, .git and .sgupgrade left out.
 */
void world_digest(const struct world *world, char hex[SG_SHA256_HEX + 1]);

/* Opens for writing; a failure fails the test. */
struct sg_repo *world_open(struct world *world);
/* Apply and rollback that must succeed; the plan's exit code. */
int world_apply(struct world *world, const char *to);
void world_rollback(struct world *world, const char *to);
/* Check; the exit code, and the first error's code in `code`. */
int world_check(struct world *world, char code[8]);

#endif
