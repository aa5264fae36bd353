/* SPDX-License-Identifier: Apache-2.0 */
/* paths: the pictures that the arguments name.
 * Links to folders inside a folder are not followed, so that there are no loops. */
#include "cli/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/str.h"
#include "cli/say.h"

static const char *const suffixes[] = { ".png", ".jpg", ".jpeg" };

static bool is_picture(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof suffixes / sizeof *suffixes; i++)
		if (strcasecmp(dot, suffixes[i]) == 0)
			return true;
	return false;
}

/* Takes the name. */
static int add(struct paths *p, char *name, const char *error, struct dl4j_error *err)
{
	if (p->n == p->room) {
		size_t room = p->room ? 2 * p->room : 64;
		struct path *list = realloc(p->list, room * sizeof *list);

		if (!list) {
			free(name);
			return fail_memory(err);
		}
		p->list = list;
		p->room = room;
	}
	p->list[p->n++] = (struct path){ name, error };
	return name ? 0 : fail_memory(err);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All names in the folder, sorted by their bytes, into a malloc'ed array of malloc'ed names. */
static int list_names(const char *folder, char ***names, size_t *n, struct dl4j_error *err)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t room = 0;

	*names = NULL;
	*n = 0;
	if (!dir)
		return fail(err, DL4J_EIO, "%s: %s", folder, strerror(errno));
	while ((entry = readdir(dir))) {
		char **more = *names;

		if (*n == room) {
			room = room ? 2 * room : 64;
			more = realloc(more, room * sizeof *more);
		}
		if (more)
			*names = more;
		if (!more || !((*names)[*n] = strdup(entry->d_name))) {
			closedir(dir);
			return fail_memory(err);
		}
		++*n;
	}
	closedir(dir);
	if (*n)
		qsort(*names, *n, sizeof **names, by_bytes);
	return 0;
}

static char *join(const char *folder, const char *name)
{
	size_t n = strlen(folder);
	struct str path = { 0 };

	str_addf(&path, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", name);
	return path.failed ? NULL : path.text;
}

static int add_folder(struct paths *p, const char *folder, bool recursive, bool *has_folders,
                      struct dl4j_error *err);

/* Takes the path. */
static int add_entry(struct paths *p, char *path, const char *name, bool recursive,
                     bool *has_folders, struct dl4j_error *err)
{
	struct stat link, st;
	int code = 0;

	if (!path)
		return fail_memory(err);
	if (name[0] != '.' && lstat(path, &link) == 0 && stat(path, &st) == 0) {
		if (S_ISREG(st.st_mode) && is_picture(name))
			return add(p, path, NULL, err);
		*has_folders |= S_ISDIR(st.st_mode);
		if (recursive && S_ISDIR(link.st_mode))
			code = add_folder(p, path, true, has_folders, err);
	}
	free(path);
	return code;
}

static int add_folder(struct paths *p, const char *folder, bool recursive, bool *has_folders,
                      struct dl4j_error *err)
{
	char **names;
	size_t n;
	int code = list_names(folder, &names, &n, err);

	if (code == DL4J_EIO) /* is one of the items that failed */
		code = add(p, strdup(folder), strerror(errno), err);
	for (size_t i = 0; i < n; i++) {
		if (code == 0)
			code = add_entry(p, join(folder, names[i]), names[i], recursive, has_folders, err);
		free(names[i]);
	}
	free(names);
	return code;
}

static int add_argument(struct paths *p, const char *arg, bool recursive, struct dl4j_error *err)
{
	bool has_folders = false;
	size_t before = p->n;
	struct stat st;

	if (stat(arg, &st) < 0 || !S_ISDIR(st.st_mode))
		return add(p, strdup(arg), NULL, err);
	TRY(add_folder(p, arg, recursive, &has_folders, err));
	if (p->n > before)
		return 0;
	return add(p, strdup(arg),
	           has_folders && !recursive ? "no .png, .jpg or .jpeg file in this folder; -r looks "
	                                       "into its folders" :
	                                       "no .png, .jpg or .jpeg file in this folder", err);
}

int paths_after_model(const char *verb, int argc, char **argv, struct dl4j_error *err)
{
	if (argc < 2)
		return fail(err, DL4J_EUSAGE, "%s: expected pictures after the model" HINT
		            "files, folders, or - for paths on standard input", verb);
	if (strcmp(argv[0], "-") == 0 && strcmp(argv[argc - 1], "-") == 0)
		return fail(err, DL4J_EUSAGE, "%s: the model and the paths cannot both be -", verb);
	return 0;
}

int paths_open(struct paths *out, int argc, char **argv, bool recursive, bool nul,
               struct dl4j_error *err)
{
	*out = (struct paths){ .delimiter = nul ? '\0' : '\n' };
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "-") != 0)
			TRY(add_argument(out, argv[i], recursive, err));
		else if (i == argc - 1)
			out->streams = true;
		else
			return fail(err, DL4J_EUSAGE, "expected - as the last argument");
	}
	return 0;
}

static char *read_line(struct paths *p)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (p->streams && (n = getdelim(&line, &room, p->delimiter, stdin)) > 0) {
		if (line[n - 1] == p->delimiter)
			line[--n] = '\0';
		if (n > 0)
			return line;
	}
	free(line);
	return NULL;
}

struct path paths_next(struct paths *p)
{
	if (p->next < p->n) {
		struct path path = p->list[p->next];

		p->list[p->next++].name = NULL;
		return path;
	}
	return (struct path){ read_line(p), NULL };
}

int paths_ahead(struct paths *p, size_t n, struct dl4j_error *err)
{
	char *line;

	while (p->n - p->next < n && (line = read_line(p)))
		TRY(add(p, line, NULL, err));
	return 0;
}

int64_t paths_count(const struct paths *p)
{
	return p->streams ? -1 : (int64_t)p->n;
}

void paths_free(struct paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->list[i].name);
	free(p->list);
}
