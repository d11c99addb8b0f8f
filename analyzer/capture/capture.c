// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture.h"

#include <glib.h>

#include "live.h"
#include "magic.h"
#include "reader.h"
#include "suspend.h"

enum state {
	FRESH, /* the file is opened by the first read */
	OPEN,
	ENDED, /* at its end, or with an error that was told */
};

struct ims_capture {
	char *file;
	uint32_t index;
	const struct ims_live *live; /* NULL: a file */
	struct ims_wait wait;
	enum state state;
	struct ims_reading reading;
	struct ims_reader *reader;
	struct ims_capture_info info;
	uint64_t offset; /* kept when the input is closed */
	uint64_t size;
};

/* As if nothing had been read. */
static void start(struct ims_capture *capture)
{
	capture->state = FRESH;
	capture->offset = 0;
	capture->reading = (struct ims_reading){.info = &capture->info};
	capture->info = (struct ims_capture_info){
		.file = capture->file,
		.link_types = capture->reading.link_types.names,
		.first_ns = -1,
		.last_ns = -1,
		.until_ns = -1,
	};
}

struct ims_capture *ims_capture_open(const char *file, uint32_t index)
{
	struct ims_capture *capture = g_new0(struct ims_capture, 1);

	capture->file = g_strdup(file);
	capture->index = index;
	start(capture);
	return capture;
}

struct ims_capture *ims_capture_listen(const struct ims_live *live,
				       uint32_t index)
{
	struct ims_capture *capture = ims_capture_open(live->interface, index);

	capture->live = live;
	capture->info.format = "live";
	return capture;
}

void ims_capture_on_wait(struct ims_capture *capture, ims_wait_fn *fn,
			 void *user)
{
	capture->wait = (struct ims_wait){fn, user};
}

static void close_input(struct ims_capture *capture)
{
	ims_capture_progress(capture, &capture->offset, &capture->size);
	if (capture->reader)
		capture->reader->free(capture->reader);
	capture->reader = NULL;
	ims_input_close(capture->reading.input);
	capture->reading.input = NULL;
	capture->state = ENDED;
}

static void forget(struct ims_capture *capture)
{
	ims_link_types_fini(&capture->reading.link_types);
	g_free(capture->reading.error);
}

void ims_capture_close(struct ims_capture *capture)
{
	if (!capture)
		return;
	close_input(capture);
	forget(capture);
	g_free(capture->file);
	g_free(capture);
}

static bool refuse(struct ims_capture *capture, const char *why)
{
	capture->reading.error = g_strdup(why);
	return false;
}

static bool open_input(struct ims_capture *capture)
{
	struct ims_input *input = ims_input_open(capture->file, &capture->wait);
	struct ims_capture_info *info = &capture->info;
	const uint8_t *bytes;
	enum ims_format format;
	const char *fault;
	size_t n;

	capture->reading.input = input;
	n = ims_input_peek(input, &bytes, IMS_MAGIC_SIZE);
	fault = ims_input_fault(input);
	info->compression = ims_input_compression(input);
	if (n == 0 && fault)
		return refuse(capture, fault);
	if (n == 0)
		return refuse(capture, "empty file");
	format = ims_magic_format(bytes, n);
	info->format = ims_magic_format_name(format);
	if (format == IMS_FORMAT_NONE)
		return refuse(capture, fault ? fault : "not a packet capture");
	capture->state = OPEN;
	capture->reader = format == IMS_FORMAT_PCAPNG
				  ? ims_pcapng_reader(&capture->reading)
				  : ims_pcap_reader(&capture->reading);
	return capture->reader != NULL;
}

static bool open_reader(struct ims_capture *capture)
{
	if (!capture->live)
		return open_input(capture);
	capture->state = OPEN;
	capture->reader = ims_live_reader(&capture->reading, capture->live,
					  &capture->wait);
	return capture->reader != NULL;
}

/* It was not to be waited for any longer: what is cut by that is no fault. */
static bool is_broken_off(const struct ims_capture *capture)
{
	return capture->reading.input &&
	       ims_input_source(capture->reading.input)->is_broken_off;
}

static void count(struct ims_capture *capture, struct ims_packet *packet)
{
	struct ims_capture_info *info = &capture->info;
	int64_t time = packet->time_ns;

	if (!info->packets || time < info->first_ns)
		info->first_ns = time;
	if (!info->packets || time > info->last_ns)
		info->until_ns = info->last_ns = time;
	packet->number = ++info->packets;
	info->bytes += packet->captured;
	capture->reading.last_ns = time;
}

G_GNUC_NO_INLINE static enum ims_read finish(struct ims_capture *capture,
					     struct ims_packet *packet,
					     enum ims_read result)
{
	if (is_broken_off(capture)) {
		g_clear_pointer(&capture->reading.error, g_free);
		result = IMS_READ_END;
	}
	*packet = (struct ims_packet){
		.capture = capture->index,
		.number = capture->info.packets + 1,
		.time_ns = capture->reading.last_ns,
	};
	if (capture->info.packets)
		capture->info.until_ns =
			MAX(capture->info.last_ns, capture->reading.until_ns);
	capture->info.truncated = result == IMS_READ_ERROR;
	capture->info.error = capture->reading.error;
	close_input(capture);
	return result;
}

/* The first one, or what follows the end. */
G_GNUC_NO_INLINE static enum ims_read open_and_read(struct ims_capture *capture,
						    struct ims_packet *packet)
{
	if (capture->state == FRESH && open_reader(capture))
		return ims_capture_read(capture, packet);
	if (capture->state != ENDED)
		return finish(capture, packet, IMS_READ_ERROR);
	*packet = (struct ims_packet){.capture = capture->index};
	return IMS_READ_END;
}

enum ims_read ims_capture_read(struct ims_capture *capture,
			       struct ims_packet *packet)
{
	enum ims_read result;

	if (capture->state != OPEN)
		return open_and_read(capture, packet);
	result = capture->reader->read(capture->reader, packet);
	capture->info.n_link_types = capture->reading.link_types.n;
	packet->capture = capture->index;
	packet->selected = capture->reading.selected;
	if (result == IMS_READ_PACKET)
		count(capture, packet);
	else if (result == IMS_READ_DROPS)
		capture->info.dropped += packet->wire;
	else
		return finish(capture, packet, result);
	return result;
}

const struct ims_capture_info *ims_capture_info(
	const struct ims_capture *capture)
{
	return &capture->info;
}

void ims_capture_progress(const struct ims_capture *capture, uint64_t *read,
			  uint64_t *size)
{
	const struct ims_source *source;

	*read = capture->offset;
	*size = capture->size;
	if (!capture->reading.input)
		return;
	source = ims_input_source(capture->reading.input);
	*read = source->offset;
	*size = source->size;
}

bool ims_capture_is_pausable(const struct ims_capture *capture)
{
	const struct ims_source *source;

	if (!capture->reading.input)
		return false;
	source = ims_input_source(capture->reading.input);
	return source->regular && source->fd >= 0;
}

void ims_capture_pause(struct ims_capture *capture)
{
	if (capture->reading.input)
		ims_source_pause(ims_input_source(capture->reading.input));
}

bool ims_capture_rewind(struct ims_capture *capture)
{
	const struct ims_source *source;

	if (!capture->reading.input)
		return false;
	source = ims_input_source(capture->reading.input);
	if (!source->regular)
		return false;
	close_input(capture);
	forget(capture);
	start(capture);
	return true;
}
