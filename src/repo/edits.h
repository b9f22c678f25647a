/*
 * edits.h - the edits of a plan as changes of files.
 */
#ifndef SG_REPO_EDITS_H
#define SG_REPO_EDITS_H

#include "project.h"

/* Lays what the edits make of the customer's files over `view` (an sg_fs_over of the
 * project), hop by hop. SG_E_NOTFOUND where a file to edit is not there. */
SG_MUST_USE int edits_lay(const struct sg_plan *plan, struct sg_fs *view,
                          struct sg_err *err);

/*
 * Stops the edits that apply must not make (neighbours.c): of a file outside the
 * project, which no transaction of this project writes, and of a file that another
 * project of the repository reads and would render otherwise with it. The finding that an
 * edit belongs to becomes a stop and says which project and file. Renders every overlay
 * of every other project, so it is for plans with edits.
 */
SG_MUST_USE int neighbours_check(struct sg_repo *repo, struct sg_plan *plan,
                                 struct sg_err *err);

#endif
