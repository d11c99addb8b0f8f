// SPDX-License-Identifier: GPL-2.0-or-later
#include "stock.h"

#include <glib.h>
#include <string.h>

#include "sanitized.h"

#define KEPT	(IMS_IS_SANITIZED ? 0u : IMS_STOCK_KEPT)
#define N_SIZES (IMS_STOCK_MAX / IMS_STOCK_STEP)

/* What nobody has: it holds where the next one is. */
struct record {
	struct record *next;
};

struct sort {
	struct record *free; /* given back last */
	size_t size;
	size_t n; /* that are free */
};

struct ims_stock {
	struct sort of_size[N_SIZES];
};

struct ims_stock *ims_stock_new(void)
{
	struct ims_stock *stock = g_new0(struct ims_stock, 1);

	for (size_t i = 0; i < N_SIZES; i++)
		stock->of_size[i].size = (i + 1) * IMS_STOCK_STEP;
	return stock;
}

void ims_stock_free(struct ims_stock *stock)
{
	if (!stock)
		return;
	for (size_t i = 0; i < N_SIZES; i++) {
		struct record *record = stock->of_size[i].free;

		while (record) {
			struct record *next = record->next;

			g_free(record);
			record = next;
		}
	}
	g_free(stock);
}

/* NULL: such a size is the system's. */
static struct sort *sort_of(struct ims_stock *stock, size_t size)
{
	if (!stock || size == 0 || size > IMS_STOCK_MAX)
		return NULL;
	return &stock->of_size[(size - 1) / IMS_STOCK_STEP];
}

void *ims_stock_take(struct ims_stock *stock, size_t size)
{
	struct sort *sort = sort_of(stock, size);
	struct record *record = sort ? sort->free : NULL;

	if (!record)
		return g_malloc0(sort ? sort->size : size);
	sort->free = record->next;
	sort->n--;
	return memset(record, 0, size);
}

void ims_stock_give(struct ims_stock *stock, void *at, size_t size)
{
	struct sort *sort = sort_of(stock, size);
	struct record *record = at;

	if (!record)
		return;
	if (!sort || (sort->n + 1) * sort->size > KEPT) {
		g_free(at);
		return;
	}
	record->next = sort->free;
	sort->free = record;
	sort->n++;
}

char *ims_stock_text(struct ims_stock *stock, struct ims_slice text)
{
	size_t len;
	char *copy;

	if (!ims_slice_is_set(text))
		return NULL;
	len = text.len ? strnlen(text.at, text.len) : 0;
	copy = ims_stock_take(stock, len + 1);
	memcpy(copy, text.at, len);
	return copy;
}

void ims_stock_give_text(struct ims_stock *stock, char *text)
{
	if (text)
		ims_stock_give(stock, text, strlen(text) + 1);
}
