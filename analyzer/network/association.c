// SPDX-License-Identifier: GPL-2.0-or-later
/* SCTP associations: found again on any pair of their addresses. */
#include "network_internal.h"

static void path_init(struct ims_sctp_path *path,
		      struct ims_association *association, unsigned side)
{
	*path = (struct ims_sctp_path){
		.association = association,
		.side = side,
		.waiting.data = path,
	};
}

static struct ims_key tag_key(const struct ims_endpoint *source,
			      const struct ims_endpoint *destination,
			      uint32_t tag)
{
	struct ims_key key = {0};

	key.word[0] = (uint64_t)source->port << 16 | destination->port;
	key.word[1] = tag;
	return key;
}

static void association_free(struct ims_sctp *sctp,
			     struct ims_association *association)
{
	for (unsigned i = 0; i < 2; i++) {
		struct ims_sctp_path *path = &association->paths[i];

		if (path->tagged)
			ims_table_remove(&sctp->paths, &path->entry);
		if (path->is_waiting)
			g_queue_unlink(&sctp->waiting, &path->waiting);
		ims_runs_clear(&path->runs, &sctp->budget);
	}
	ims_table_remove(&sctp->pairs, &association->entry);
	g_free(association);
}

static void forget(struct ims_network *network,
		   struct ims_association *association)
{
	ims_sctp_data_flush(network, &association->paths[0]);
	ims_sctp_data_flush(network, &association->paths[1]);
	association_free(&network->sctp, association);
}

void ims_sctp_init(struct ims_sctp *sctp)
{
	*sctp = (struct ims_sctp){
		.budget.limit = IMS_SCTP_MAX_BYTES,
		.waiting = G_QUEUE_INIT,
	};
	ims_table_init(&sctp->pairs);
	ims_table_init(&sctp->paths);
}

void ims_sctp_fini(struct ims_sctp *sctp)
{
	while (sctp->pairs.oldest)
		association_free(sctp,
				 (struct ims_association *)sctp->pairs.oldest);
	ims_table_fini(&sctp->pairs);
	ims_table_fini(&sctp->paths);
}

void ims_sctp_expire(struct ims_network *network)
{
	struct ims_entry *oldest;

	ims_sctp_data_expire(network);
	while ((oldest = network->sctp.pairs.oldest) &&
	       ims_elapsed(oldest->used_ns, network->now_ns) > IMS_SCTP_IDLE_NS)
		forget(network, (struct ims_association *)oldest);
}

void ims_sctp_finish(struct ims_network *network)
{
	while (network->sctp.pairs.oldest)
		forget(network,
		       (struct ims_association *)network->sctp.pairs.oldest);
}

static struct ims_association *association_new(
	struct ims_network *network, const struct ims_key *key,
	const struct ims_sctp_header *header, unsigned side)
{
	struct ims_table *pairs = &network->sctp.pairs;
	struct ims_association *association;

	while (pairs->n_entries >= IMS_SCTP_MAX) {
		association = (struct ims_association *)pairs->oldest;
		if (!association->closed &&
		    !ims_association_is_foreign(association))
			ims_network_let_go(network,
					   IMS_NETWORK_BOUND_ASSOCIATIONS);
		forget(network, association);
	}
	association = g_try_malloc(sizeof(*association));
	if (!association) {
		ims_network_let_go(network, IMS_NETWORK_BOUND_MEMORY);
		return NULL;
	}
	*association = (struct ims_association){.tls_told_ns = INT64_MIN};
	association->ends[side] = header->source;
	association->ends[!side] = header->destination;
	path_init(&association->paths[0], association, 0);
	path_init(&association->paths[1], association, 1);
	ims_table_add(pairs, &association->entry, key, network->now_ns);
	return association;
}

void ims_sctp_path_tag(struct ims_sctp *sctp, struct ims_sctp_path *path,
		       uint32_t tag)
{
	const struct ims_association *association = path->association;
	struct ims_key key = tag_key(&association->ends[path->side],
				     &association->ends[!path->side], tag);

	if (path->tagged || tag == 0 || ims_table_find(&sctp->paths, &key))
		return;
	path->tagged = true;
	path->tag = tag;
	ims_table_add(&sctp->paths, &path->entry, &key, 0);
}

/*
 * By addresses, when the tag is not known: it is that of a path that had
 * none yet, or of an association that took the place of the old one.
 */
static struct ims_sctp_path *path_by_addresses(
	struct ims_network *network, const struct ims_sctp_header *header,
	bool create)
{
	struct ims_association *association;
	struct ims_key key;
	unsigned side =
		ims_key_of_pair(&key, &header->source, &header->destination);

	association = (struct ims_association *)ims_table_find(
		&network->sctp.pairs, &key);
	if (association && header->tag && association->paths[side].tagged) {
		if (!create)
			return NULL;
		forget(network, association);
		association = NULL;
	}
	if (!association && create)
		association = association_new(network, &key, header, side);
	if (!association)
		return NULL;
	ims_sctp_path_tag(&network->sctp, &association->paths[side],
			  header->tag);
	return &association->paths[side];
}

struct ims_sctp_path *ims_sctp_path_of(struct ims_network *network,
				       const struct ims_sctp_header *header,
				       bool create)
{
	struct ims_key key =
		tag_key(&header->source, &header->destination, header->tag);
	struct ims_sctp_path *path = NULL;

	if (header->tag)
		path = (struct ims_sctp_path *)ims_table_find(
			&network->sctp.paths, &key);
	if (!path)
		path = path_by_addresses(network, header, create);
	if (path)
		ims_table_touch(&network->sctp.pairs, &path->association->entry,
				network->now_ns);
	return path;
}
