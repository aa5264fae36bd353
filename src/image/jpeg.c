/* SPDX-License-Identifier: Apache-2.0 */
/* JPEG, by libjpeg-turbo with its defaults, as OpenCV uses it. */
#include "image/decode.h"

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

struct decoder {
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	struct jpeg_source_mgr source;
	struct jpeg_progress_mgr progress;
	int scans;		/* the limit */
	int damaged;		/* the decoder went on, but with made-up data */
	int code;
	char message[JMSG_LENGTH_MAX];
	jmp_buf failed;
};

static struct decoder *decoder_of(j_common_ptr jpeg)
{
	return jpeg->client_data;
}

static void stop(j_common_ptr jpeg)
{
	struct decoder *d = decoder_of(jpeg);

	d->code = DL4J_EFORMAT;
	jpeg->err->format_message(jpeg, d->message);
	longjmp(d->failed, 1);
}

static void warn(j_common_ptr jpeg, int level)
{
	if (level >= 0)
		return;
	switch (jpeg->err->msg_code) {
	case JWRN_ARITH_BAD_CODE:
	case JWRN_HIT_MARKER:
	case JWRN_HUFF_BAD_CODE:
	case JWRN_JPEG_EOF:
	case JWRN_MUST_RESYNC:
		decoder_of(jpeg)->damaged = 1;
	}
}

static void count_scans(j_common_ptr jpeg)
{
	struct decoder *d = decoder_of(jpeg);

	if (d->jpeg.input_scan_number > d->scans) {
		d->code = DL4J_ELIMIT;
		snprintf(d->message, sizeof d->message, "expected at most %d scans, found more",
			 d->scans);
		longjmp(d->failed, 1);
	}
}

static void nothing(j_decompress_ptr jpeg)
{
	(void)jpeg;
}

/* All bytes are in memory: at their end the decoder is told to wait, and its caller gives up. */
static boolean no_more(j_decompress_ptr jpeg)
{
	(void)jpeg;
	return FALSE;
}

static void skip(j_decompress_ptr jpeg, long n)
{
	struct jpeg_source_mgr *source = jpeg->src;

	assert(n > 0); /* libjpeg asks first */
	if ((size_t)n > source->bytes_in_buffer)
		n = (long)source->bytes_in_buffer;
	source->next_input_byte += n;
	source->bytes_in_buffer -= (size_t)n;
}

static void prepare(struct decoder *d, const unsigned char *bytes, size_t n, int scans)
{
	d->scans = scans;
	d->jpeg.err = jpeg_std_error(&d->errors);
	d->errors.error_exit = stop;
	d->errors.emit_message = warn;
	d->jpeg.client_data = d;
	d->progress.progress_monitor = count_scans;
	d->source = (struct jpeg_source_mgr){
		.next_input_byte = bytes,
		.bytes_in_buffer = n,
		.init_source = nothing,
		.fill_input_buffer = no_more,
		.skip_input_data = skip,
		.resync_to_restart = jpeg_resync_to_restart,
		.term_source = nothing,
	};
}

/* Only the first APP1 segment counts for OpenCV, and it does not ask whether that says "Exif". */
static int orientation_of(j_decompress_ptr jpeg)
{
	jpeg_saved_marker_ptr m = jpeg->marker_list; /* of that kind alone: decode() asks for it */

	return m && m->data_length > 6 ? image_exif_orientation(m->data + 6, m->data_length - 6) : 1;
}

/* OpenCV's arithmetic for the inverted inks of Adobe's CMYK, which it takes all CMYK to be. */
static void cmyk_to_bgr(unsigned char *bgr, const unsigned char *cmyk, int w)
{
	for (int x = 0; x < w; x++, bgr += 3, cmyk += 4)
		for (int i = 0; i < 3; i++)
			bgr[2 - i] = (unsigned char)(cmyk[3] - ((255 - cmyk[i]) * cmyk[3] >> 8));
}

/* Reads rows until there are no more of them, or no more bytes. */
static void read_rows(j_decompress_ptr jpeg, struct image *out)
{
	JSAMPARRAY cmyk = NULL;
	JSAMPROW rows[8];

	if (jpeg->out_color_space == JCS_CMYK)
		cmyk = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE,
					       jpeg->output_width * 4, 1);
	while (jpeg->output_scanline < jpeg->output_height) {
		JDIMENSION y = jpeg->output_scanline;
		JDIMENSION n = 0;

		while (n < 8 && y + n < jpeg->output_height) {
			rows[n] = image_row(out, y + n);
			n++;
		}
		if (jpeg_read_scanlines(jpeg, cmyk ? cmyk : rows, cmyk ? 1 : n) == 0)
			return;
		if (cmyk)
			cmyk_to_bgr(rows[0], cmyk[0], out->w);
	}
}

/* Where data ends early, OpenCV repeats the last row that it has. */
static void fill(struct image *out, int done)
{
	for (int y = done; y > 0 && y < out->h; y++)
		memcpy(image_row(out, (size_t)y), image_row(out, (size_t)done - 1),
		       (size_t)out->w * image_pixel_size(out));
	out->truncated |= done < out->h;
}

static int decode(struct decoder *d, struct image *out, int *orientation,
		  const struct image_limits *limits, struct dl4j_error *err)
{
	j_decompress_ptr jpeg = &d->jpeg;

	jpeg->src = &d->source;
	jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
	if (jpeg_read_header(jpeg, TRUE) != JPEG_HEADER_OK)
		return fail(err, DL4J_EFORMAT, "the JPEG picture is cut short: "
			    "the file ends within its header");
	switch (jpeg->num_components) {
	case 1: jpeg->out_color_space = JCS_GRAYSCALE; break;
	case 3: jpeg->out_color_space = JCS_EXT_BGR; break;
	case 4: jpeg->out_color_space = JCS_CMYK; break;
	default:
		return fail(err, DL4J_EFORMAT, "expected a JPEG of 1, 3 or 4 colour components, "
			    "found %d", jpeg->num_components);
	}

	int code = image_allocate(out, jpeg->image_width, jpeg->image_height,
				  jpeg->num_components == 1 ? 1 : 3, 8, limits, err);
	if (code != 0)
		return code;
	*orientation = orientation_of(jpeg);
	jpeg->progress = &d->progress;
	if (!jpeg_start_decompress(jpeg))
		return fail(err, DL4J_EFORMAT, "the progressive JPEG picture is cut short: "
			    "the file ends before the last scan does");
	read_rows(jpeg, out);
	fill(out, (int)jpeg->output_scanline);
	if (d->damaged)
		out->truncated = 1;
	return 0;
}

int image_read_jpeg(struct image *out, int *orientation, const unsigned char *bytes, size_t n,
		    const struct image_limits *limits, struct dl4j_error *err)
{
	struct decoder d = { 0 };
	int code;

	prepare(&d, bytes, n, limits->scans);
	if (setjmp(d.failed) == 0) {
		jpeg_create_decompress(&d.jpeg);
		code = decode(&d, out, orientation, limits, err);
	} else {
		code = fail(err, d.code, "cannot decode the JPEG picture: %s", d.message);
	}
	jpeg_destroy_decompress(&d.jpeg);
	if (code != 0)
		image_free(out);
	return code;
}

/* The macro's value as text. */
#define TEXT(value) TEXT_OF(value)
#define TEXT_OF(tokens) #tokens

const char *image_jpeg_version(void)
{
	return "turbo " TEXT(LIBJPEG_TURBO_VERSION);
}
