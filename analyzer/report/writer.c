// SPDX-License-Identifier: GPL-2.0-or-later
#include "writer.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

void ims_writer_init(struct ims_writer *writer, FILE *out)
{
	*writer = (struct ims_writer){.out = out};
	writer->piece = g_malloc(IMS_WRITER_PIECE);
	g_mutex_init(&writer->lock);
	g_cond_init(&writer->cond);
}

/* The functions below are called with the lock held. */

static void note_error(struct ims_writer *writer)
{
	if (!writer->error)
		writer->error = errno ? errno : EIO;
}

static void write_out(struct ims_writer *writer, const char *text, size_t len)
{
	errno = 0;
	if (!writer->error && fwrite(text, 1, len, writer->out) != len)
		note_error(writer);
}

static void send_piece(struct ims_writer *writer)
{
	write_out(writer, writer->piece, writer->len);
	writer->len = 0;
}

static void flush(struct ims_writer *writer)
{
	send_piece(writer);
	errno = 0;
	if (!writer->error && fflush(writer->out) != 0)
		note_error(writer);
}

static void make_room(struct ims_writer *writer, size_t n)
{
	if (n > IMS_WRITER_PIECE - writer->len)
		send_piece(writer);
}

static void put(struct ims_writer *writer, const char *text, size_t len)
{
	make_room(writer, len);
	if (len > IMS_WRITER_PIECE) {
		write_out(writer, text, len);
		return;
	}
	if (writer->sender && !writer->len)
		g_cond_signal(&writer->cond);
	memcpy(writer->piece + writer->len, text, len);
	writer->len += len;
}

/* Sends what came first in time; in between it lets it gather. */
static gpointer send_in_time(gpointer data)
{
	struct ims_writer *writer = data;

	g_mutex_lock(&writer->lock);
	while (!writer->done) {
		gint64 end = g_get_monotonic_time() + writer->delay_ms * 1000;

		if (!writer->len) {
			g_cond_wait(&writer->cond, &writer->lock);
			continue;
		}
		while (!writer->done &&
		       g_cond_wait_until(&writer->cond, &writer->lock, end))
			;
		flush(writer);
	}
	g_mutex_unlock(&writer->lock);
	return NULL;
}

static bool is_regular(FILE *file)
{
	int fd = fileno(file);
	struct stat status;

	/* No descriptor: memory, which nobody waits for either. */
	return fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode));
}

static void hurry(struct ims_writer *writer, unsigned delay_ms)
{
	writer->delay_ms = delay_ms;
	if (!writer->sender)
		writer->sender = g_thread_new("writer", send_in_time, writer);
}

void ims_writer_hurry(struct ims_writer *writer)
{
	if (!is_regular(writer->out))
		hurry(writer, IMS_WRITER_DELAY_MS);
}

void ims_writer_live(struct ims_writer *writer)
{
	hurry(writer, IMS_WRITER_LIVE_MS);
}

void ims_writer_put(struct ims_writer *writer, const char *text, size_t len)
{
	g_mutex_lock(&writer->lock);
	put(writer, text, len);
	g_mutex_unlock(&writer->lock);
}

void ims_writer_puts(struct ims_writer *writer, const char *text)
{
	ims_writer_put(writer, text, strlen(text));
}

static void stop_sender(struct ims_writer *writer)
{
	if (!writer->sender)
		return;
	g_mutex_lock(&writer->lock);
	writer->done = true;
	g_cond_signal(&writer->cond);
	g_mutex_unlock(&writer->lock);
	g_thread_join(writer->sender);
	writer->sender = NULL;
}

bool ims_writer_finish(struct ims_writer *writer)
{
	stop_sender(writer);
	flush(writer);
	errno = writer->error;
	return writer->error == 0;
}

void ims_writer_clear(struct ims_writer *writer)
{
	stop_sender(writer);
	g_free(writer->piece);
	g_mutex_clear(&writer->lock);
	g_cond_clear(&writer->cond);
}
