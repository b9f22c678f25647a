/* crashdisk.c - a disk in memory with a volatile and a durable image. */
#include "crashdisk.h"

#include "sg/path.h"
#include "sg/sort.h"
#include "sg/strmap.h"

#include <errno.h>
#include <string.h>

struct inode;

/* A name in a folder and what it has led to since the last sync: value 0 is durable. */
struct name {
    char *text;
    SG_VEC(struct inode *) values; /* NULL: nothing; the last one is the volatile one */
};

struct content {
    char *bytes;
    size_t len;
    uint32_t mode;
};

struct inode {
    bool is_dir;
    struct content now, durable; /* files */
    bool dirty;                  /* now differs from durable */
    SG_VEC(struct name) names;   /* folders */
};

struct crashdisk {
    struct sg_disk disk;
    SG_VEC(struct inode *) inodes; /* all of them, the root first */
    size_t calls;
    size_t fail_at, cut_at; /* SIZE_MAX: never */
    int fail_with;
    bool fail_on; /* later calls fail too */
    bool cut;
    unsigned lies;
    int no_links;
};

static struct crashdisk *crash_of(struct sg_disk *disk) {
    return (struct crashdisk *)disk;
}

/* --- inodes and names ------------------------------------------------------------- */

static struct inode *inode_new(struct crashdisk *crash, bool is_dir) {
    struct inode *inode = sg_xcalloc(1, sizeof(*inode));
    inode->is_dir = is_dir;
    sg_vec_push(&crash->inodes, inode);
    return inode;
}

static void content_set(struct content *to, const char *bytes, size_t len,
                        uint32_t mode) {
    char *copy = sg_xstrndup(bytes ? bytes : "", len);
    free(to->bytes);
    *to = (struct content){copy, len, mode};
}

static struct name *find_name(const struct inode *dir, const char *text) {
    for (size_t i = 0; i < dir->names.len; i++) {
        if (strcmp(dir->names.items[i].text, text) == 0) {
            return &dir->names.items[i];
        }
    }
    return NULL;
}

static struct inode *newest(const struct name *name) {
    return name->values.items[name->values.len - 1];
}

static struct inode *lookup(const struct inode *dir, const char *text) {
    const struct name *name = find_name(dir, text);
    return name ? newest(name) : NULL;
}

static void set_name(struct inode *dir, const char *text, struct inode *to) {
    struct name *name = find_name(dir, text);
    if (!name) {
        sg_vec_push(&dir->names, (struct name){.text = sg_xstrdup(text)});
        name = &dir->names.items[dir->names.len - 1];
        sg_vec_push(&name->values, NULL);
    }
    sg_vec_push(&name->values, to);
}

/* Walks to the folder that holds `path`; NULL with an errno. */
static struct inode *parent_of(const struct crashdisk *crash, const char *path,
                               const char **name, int *errnum) {
    struct inode *at = crash->inodes.items[0];
    *errnum = 0;
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        sg_auto_cstr part = sg_xstrndup(path, (size_t)(slash - path));
        struct inode *next = lookup(at, part);
        if (!next || !next->is_dir) {
            *errnum = next ? ENOTDIR : ENOENT;
            return NULL;
        }
        at = next;
    }
    *name = path;
    return at;
}

static struct inode *inode_at(const struct crashdisk *crash, const char *path,
                              int *errnum) {
    const char *name;
    if (!*path) {
        *errnum = 0;
        return crash->inodes.items[0];
    }
    const struct inode *dir = parent_of(crash, path, &name, errnum);
    struct inode *inode = dir ? lookup(dir, name) : NULL;
    if (dir && !inode) {
        *errnum = ENOENT;
    }
    return inode;
}

static bool is_empty(const struct inode *dir) {
    for (size_t i = 0; i < dir->names.len; i++) {
        if (newest(&dir->names.items[i])) {
            return false;
        }
    }
    return true;
}

/* --- the calls -------------------------------------------------------------------- */

/* Counts a changing call; an errno where it must not happen. */
static int admit(struct crashdisk *crash) {
    size_t n = crash->calls++;
    if (crash->cut || n >= crash->cut_at) {
        crash->cut = true;
        return EIO;
    }
    if (n == crash->fail_at || (crash->fail_on && n > crash->fail_at)) {
        return crash->fail_with;
    }
    return 0;
}

static int crash_lstat(struct sg_disk *disk, const char *path, struct sg_disk_stat *out) {
    int errnum;
    const struct inode *inode = inode_at(crash_of(disk), path, &errnum);
    *out = (struct sg_disk_stat){.device = 1};
    if (inode) {
        out->type = inode->is_dir ? SG_DISK_DIR : SG_DISK_FILE;
        out->mode = inode->is_dir ? 0755 : inode->now.mode;
        out->size = inode->now.len;
    }
    return crash_of(disk)->cut ? EIO : 0;
}

static int crash_read(struct sg_disk *disk, const char *path, struct sg_buf *out) {
    int errnum;
    const struct inode *inode = inode_at(crash_of(disk), path, &errnum);
    if (!inode || inode->is_dir || crash_of(disk)->cut) {
        return crash_of(disk)->cut ? EIO : inode ? EISDIR : errnum;
    }
    sg_buf_add(out, inode->now.bytes, inode->now.len);
    return 0;
}

static int crash_readlink(struct sg_disk *disk, const char *path, struct sg_buf *out) {
    (void)disk;
    (void)path;
    (void)out;
    return EINVAL; /* there are no links here */
}

static int crash_list(struct sg_disk *disk, const char *path, struct sg_disk_names *out) {
    int errnum;
    const struct inode *dir = inode_at(crash_of(disk), path, &errnum);
    if (!dir || !dir->is_dir || crash_of(disk)->cut) {
        return crash_of(disk)->cut ? EIO : dir ? ENOTDIR : errnum;
    }
    for (size_t i = 0; i < dir->names.len; i++) {
        if (newest(&dir->names.items[i])) {
            sg_vec_push(&out->items, sg_xstrdup(dir->names.items[i].text));
        }
    }
    return 0;
}

static int make_file(struct crashdisk *crash, const char *path, struct inode **out) {
    const char *name;
    int errnum;
    struct inode *dir = parent_of(crash, path, &name, &errnum);
    if (!dir) {
        return errnum;
    }
    if (lookup(dir, name)) {
        return EEXIST;
    }
    *out = inode_new(crash, false);
    content_set(&(*out)->now, "", 0, 0600);
    content_set(&(*out)->durable, "", 0, 0600);
    set_name(dir, name, *out);
    return 0;
}

/* Two calls, as creat and write are: a cut between them leaves an empty file. */
static int crash_write(struct sg_disk *disk, const char *path, const void *bytes,
                       size_t len, uint32_t mode) {
    struct crashdisk *crash = crash_of(disk);
    struct inode *inode = NULL;
    int rc = admit(crash);
    rc = rc ? rc : make_file(crash, path, &inode);
    if (rc) {
        return rc;
    }
    rc = admit(crash);
    /* a disk that fills up takes a part */
    content_set(&inode->now, bytes, rc ? len / 2 : len, rc ? 0600 : mode);
    inode->dirty = true;
    return rc;
}

static int crash_mkdir(struct sg_disk *disk, const char *path) {
    struct crashdisk *crash = crash_of(disk);
    const char *name;
    int errnum, rc = admit(crash);
    struct inode *dir = rc ? NULL : parent_of(crash, path, &name, &errnum);
    if (!dir || lookup(dir, name)) {
        return rc ? rc : dir ? EEXIST : errnum;
    }
    set_name(dir, name, inode_new(crash, true));
    return 0;
}

static int crash_rmdir(struct sg_disk *disk, const char *path) {
    struct crashdisk *crash = crash_of(disk);
    const char *name;
    int errnum, rc = admit(crash);
    const struct inode *inode = inode_at(crash, path, &errnum);
    if (rc || !inode) {
        return rc ? rc : errnum;
    }
    if (!inode->is_dir || !is_empty(inode)) {
        return inode->is_dir ? ENOTEMPTY : ENOTDIR;
    }
    struct inode *dir = parent_of(crash, path, &name, &errnum);
    set_name(dir, name, NULL);
    return 0;
}

static int crash_unlink(struct sg_disk *disk, const char *path) {
    struct crashdisk *crash = crash_of(disk);
    const char *name;
    int errnum, rc = admit(crash);
    const struct inode *inode = inode_at(crash, path, &errnum);
    if (rc || !inode || inode->is_dir) {
        return rc ? rc : inode ? EISDIR : errnum;
    }
    struct inode *dir = parent_of(crash, path, &name, &errnum);
    set_name(dir, name, NULL);
    return 0;
}

static int crash_link(struct sg_disk *disk, const char *from, const char *to) {
    struct crashdisk *crash = crash_of(disk);
    const char *name;
    int errnum, rc = admit(crash);
    struct inode *inode = inode_at(crash, from, &errnum);
    if (rc || crash->no_links || !inode) {
        return rc ? rc : crash->no_links ? crash->no_links : errnum;
    }
    struct inode *dir = parent_of(crash, to, &name, &errnum);
    if (!dir || lookup(dir, name)) {
        return dir ? EEXIST : errnum;
    }
    set_name(dir, name, inode);
    return 0;
}

static int crash_rename(struct sg_disk *disk, const char *from, const char *to) {
    struct crashdisk *crash = crash_of(disk);
    const char *from_name, *to_name;
    int errnum, rc = admit(crash);
    struct inode *inode = inode_at(crash, from, &errnum);
    if (rc || !inode) {
        return rc ? rc : errnum;
    }
    struct inode *to_dir = parent_of(crash, to, &to_name, &errnum);
    const struct inode *there = to_dir ? lookup(to_dir, to_name) : NULL;
    if (!to_dir || (there && there->is_dir)) {
        return to_dir ? EISDIR : errnum;
    }
    if (there == inode) {
        return 0; /* two names of one file: POSIX says that nothing happens */
    }
    set_name(to_dir, to_name, inode);
    struct inode *from_dir = parent_of(crash, from, &from_name, &errnum);
    set_name(from_dir, from_name, NULL);
    return 0;
}

static void sync_content(struct inode *inode) {
    content_set(&inode->durable, inode->now.bytes, inode->now.len, inode->now.mode);
    inode->dirty = false;
}

static int crash_sync_file(struct sg_disk *disk, const char *path) {
    struct crashdisk *crash = crash_of(disk);
    int errnum, rc = admit(crash);
    struct inode *inode = inode_at(crash, path, &errnum);
    if (rc || !inode) {
        return rc ? rc : errnum;
    }
    if (!(crash->lies & CRASH_CONTENT)) {
        sync_content(inode);
    }
    return 0;
}

static int crash_sync_all(struct sg_disk *disk) {
    struct crashdisk *crash = crash_of(disk);
    int rc = admit(crash);
    for (size_t i = 0; rc == 0 && i < crash->inodes.len; i++) {
        if (!crash->inodes.items[i]->is_dir && !(crash->lies & CRASH_CONTENT)) {
            sync_content(crash->inodes.items[i]);
        }
    }
    return rc;
}

static void sync_names(struct inode *dir) {
    for (size_t i = 0; i < dir->names.len; i++) {
        struct name *name = &dir->names.items[i];
        name->values.items[0] = newest(name);
        name->values.len = 1;
    }
}

static int crash_sync_dir(struct sg_disk *disk, const char *path) {
    struct crashdisk *crash = crash_of(disk);
    int errnum, rc = admit(crash);
    struct inode *dir = inode_at(crash, path, &errnum);
    if (rc || !dir) {
        return rc ? rc : errnum;
    }
    /* the root is synced before the commit point and after the switch */
    unsigned class = sg_path_within(path, ".sgupgrade") ? CRASH_STAGE : CRASH_PARENTS;
    if (!(crash->lies & class)) {
        sync_names(dir);
    }
    return 0;
}

static int crash_lock(struct sg_disk *disk, const char *path, bool exclusive,
                      const char *holder) {
    int errnum;
    if (crash_of(disk)->cut) {
        return EIO;
    }
    if (inode_at(crash_of(disk), path, &errnum)) {
        return 0;
    }
    return exclusive ? crash_write(disk, path, holder, strlen(holder), 0644) : ENOENT;
}

static void crash_unlock(struct sg_disk *disk) {
    (void)disk;
}

static void crash_free(struct sg_disk *disk) {
    crashdisk_free(crash_of(disk));
}

/* --- for the tests ---------------------------------------------------------------- */

struct crashdisk *crashdisk_new(void) {
    static const struct sg_disk_ops ops = {
        .lstat = crash_lstat,
        .read = crash_read,
        .readlink = crash_readlink,
        .list = crash_list,
        .write = crash_write,
        .mkdir = crash_mkdir,
        .rmdir = crash_rmdir,
        .rename = crash_rename,
        .link = crash_link,
        .unlink = crash_unlink,
        .sync_file = crash_sync_file,
        .sync_dir = crash_sync_dir,
        .sync_all = crash_sync_all,
        .lock = crash_lock,
        .unlock = crash_unlock,
        .free = crash_free,
    };
    static char where[] = "/project";
    struct crashdisk *crash = sg_xcalloc(1, sizeof(*crash));
    crash->disk.ops = &ops;
    crash->disk.where = where;
    crash->fail_at = crash->cut_at = SIZE_MAX;
    inode_new(crash, true);
    return crash;
}

void crashdisk_free(struct crashdisk *crash) {
    for (size_t i = 0; i < crash->inodes.len; i++) {
        struct inode *inode = crash->inodes.items[i];
        for (size_t j = 0; j < inode->names.len; j++) {
            free(inode->names.items[j].text);
            sg_vec_release(&inode->names.items[j].values);
        }
        sg_vec_release(&inode->names);
        free(inode->now.bytes);
        free(inode->durable.bytes);
        free(inode);
    }
    sg_vec_release(&crash->inodes);
    free(crash);
}

struct sg_disk *crashdisk_disk(struct crashdisk *crash) {
    return &crash->disk;
}

static void sync_everything(struct crashdisk *crash) {
    for (size_t i = 0; i < crash->inodes.len; i++) {
        struct inode *inode = crash->inodes.items[i];
        if (inode->is_dir) {
            sync_names(inode);
        } else {
            sync_content(inode);
        }
    }
}

void crashdisk_add(struct crashdisk *crash, const char *path, const char *text,
                   uint32_t mode) {
    sg_auto_cstr part = sg_xstrdup(path);
    for (char *slash = strchr(part, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        crash_mkdir(&crash->disk, part);
        *slash = '/';
    }
    crash_unlink(&crash->disk, path);
    if (crash_write(&crash->disk, path, text, strlen(text), mode)) {
        SG_BUG("a test file cannot be added");
    }
    sync_everything(crash);
}

static void add_state(const struct inode *dir, const char *path, struct sg_buf *out) {
    /* sorted, so that two states can be compared as text */
    SG_VEC(const struct name *) names = {0};
    for (size_t i = 0; i < dir->names.len; i++) {
        const struct name *name = &dir->names.items[i];
        if (newest(name) && (*path || strcmp(name->text, ".sgupgrade") != 0)) {
            size_t at = names.len;
            sg_vec_push(&names, NULL);
            for (; at > 0 && strcmp(names.items[at - 1]->text, name->text) > 0; at--) {
                names.items[at] = names.items[at - 1];
            }
            names.items[at] = name;
        }
    }
    for (size_t i = 0; i < names.len; i++) {
        const struct inode *inode = newest(names.items[i]);
        sg_auto_buf full = SG_BUF_INIT;
        sg_buf_addf(&full, "%s%s%s", path, *path ? "/" : "", names.items[i]->text);
        if (inode->is_dir) {
            sg_buf_addf(out, "%s/\n", full.ptr);
            add_state(inode, full.ptr, out);
        } else {
            sg_buf_addf(out, "%s %04o \"%s\"\n", full.ptr, inode->now.mode,
                        inode->now.bytes);
        }
    }
    sg_vec_release(&names);
}

void crashdisk_state(const struct crashdisk *crash, struct sg_buf *out) {
    sg_buf_clear(out);
    add_state(crash->inodes.items[0], "", out);
}

size_t crashdisk_calls(const struct crashdisk *crash) {
    return crash->calls;
}

void crashdisk_reset_calls(struct crashdisk *crash) {
    crash->calls = 0;
}

void crashdisk_fail_at(struct crashdisk *crash, size_t n, int errnum, bool on) {
    crash->fail_at = n == SIZE_MAX ? n : crash->calls + n;
    crash->fail_with = errnum;
    crash->fail_on = on;
}

void crashdisk_cut_at(struct crashdisk *crash, size_t n) {
    crash->cut_at = crash->calls + n;
}

bool crashdisk_is_cut(const struct crashdisk *crash) {
    return crash->cut;
}

void crashdisk_lie(struct crashdisk *crash, unsigned classes) {
    crash->lies = classes;
}

void crashdisk_no_links(struct crashdisk *crash, int errnum) {
    crash->no_links = errnum;
}

/* --- power cuts ------------------------------------------------------------------- */

/* The choices in a fixed order: dirty files, then names with more than one value. */
static size_t choice_values(const struct crashdisk *crash, size_t wanted, size_t *count) {
    size_t n = 0, values = 0;
    for (size_t i = 0; i < crash->inodes.len; i++) {
        const struct inode *inode = crash->inodes.items[i];
        if (inode->dirty) {
            values = n++ == wanted ? 3 : values;
        }
        for (size_t j = 0; j < inode->names.len; j++) {
            if (inode->names.items[j].values.len > 1) {
                values = n++ == wanted ? inode->names.items[j].values.len : values;
            }
        }
    }
    *count = n;
    return values;
}

size_t crashdisk_choices(const struct crashdisk *crash) {
    size_t count;
    choice_values(crash, SIZE_MAX, &count);
    return count;
}

size_t crashdisk_values(const struct crashdisk *crash, size_t choice) {
    size_t count;
    return choice_values(crash, choice, &count);
}

static size_t inode_number(const struct crashdisk *crash, const struct inode *inode) {
    for (size_t i = 0; i < crash->inodes.len; i++) {
        if (crash->inodes.items[i] == inode) {
            return i;
        }
    }
    SG_BUG("an inode of another disk");
}

struct crashdisk *crashdisk_after_cut(const struct crashdisk *crash,
                                      const size_t *values) {
    struct crashdisk *after = crashdisk_new();
    size_t n = 0;
    after->no_links = crash->no_links;
    for (size_t i = 1; i < crash->inodes.len; i++) {
        inode_new(after, crash->inodes.items[i]->is_dir);
    }
    for (size_t i = 0; i < crash->inodes.len; i++) {
        const struct inode *from = crash->inodes.items[i];
        struct inode *to = after->inodes.items[i];
        size_t value = from->dirty ? values[n++] : 0;
        const struct content *content = value ? &from->now : &from->durable;
        if (!from->is_dir) {
            content_set(&to->now, content->bytes,
                        value == 2 ? content->len / 2 : content->len, content->mode);
        }
        for (size_t j = 0; j < from->names.len; j++) {
            const struct name *name = &from->names.items[j];
            size_t at = name->values.len > 1 ? values[n++] : 0;
            if (name->values.items[at]) {
                size_t number = inode_number(crash, name->values.items[at]);
                set_name(to, name->text, after->inodes.items[number]);
            }
        }
    }
    sync_everything(after);
    return after;
}
