/* SPDX-License-Identifier: Apache-2.0 */
/* progress: a line on stderr that says how far it is, how fast, how long still.
 * Redrawn at most ten times a second. */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

const char *const progress_names[] = { "auto", "always", "never", NULL };

void progress_start(struct progress *p, int when, int64_t total)
{
	*p = (struct progress){ .total = total, .start = seconds_now() };
	p->on = when == PROGRESS_ALWAYS || (when == PROGRESS_AUTO && isatty(STDERR_FILENO));
}

static void draw(struct progress *p, double now)
{
	enum { WIDTH = 24 };
	double rate = (double)p->done / (now - p->start + 1e-9);
	int left = (int)((double)(p->total - p->done) / (rate + 1e-9));
	int filled = p->total > 0 ? (int)(WIDTH * p->done / p->total) : 0;

	if (p->total < 0)
		fprintf(stderr, "\r%lld pictures, %.1f/s\x1b[K", (long long)p->done, rate);
	else
		fprintf(stderr, "\r[%.*s%*s] %lld/%lld, %.1f/s, %d:%02d left\x1b[K", filled,
		        "########################", WIDTH - filled, "", (long long)p->done,
		        (long long)p->total, rate, left / 60, left % 60);
	p->shown = true;
	p->last = now;
}

void progress_add(struct progress *p, int64_t n)
{
	double now;

	p->done += n;
	if (!p->on)
		return;
	now = seconds_now();
	if (!p->shown || now - p->last > 0.1)
		draw(p, now);
}

void progress_hide(struct progress *p)
{
	if (p->shown)
		fputs("\r\x1b[K", stderr);
	p->shown = false;
}
