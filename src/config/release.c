/* SPDX-License-Identifier: Apache-2.0 */
/* release: which release wrote a zip, from what each wrote first or last.
 * A new way to tell is a line in one of the tables here. */
#include "config/release.h"

#include <string.h>

#include "base/str.h"

enum version {
	V0_5_0, V0_6_0, V0_7_0, V0_7_1, V0_7_2, V0_8_0, V0_9_0, V0_9_1, ALPHA, BETA, BETA2, BETA3,
	BETA4, BETA5, BETA6, BETA7, M1, M1_1, M2, M2_1
};

static const struct {
	const char *name;
	enum release release;
} versions[] = {
	[V0_5_0] = { "0.5.0", RELEASE_0_5 }, [V0_6_0] = { "0.6.0", RELEASE_0_5 },
	[V0_7_0] = { "0.7.0", RELEASE_0_5 }, [V0_7_1] = { "0.7.1", RELEASE_0_5 },
	[V0_7_2] = { "0.7.2", RELEASE_0_5 }, [V0_8_0] = { "0.8.0", RELEASE_0_9 },
	[V0_9_0] = { "0.9.0", RELEASE_0_9 }, [V0_9_1] = { "0.9.1", RELEASE_0_9 },
	[ALPHA] = { "1.0.0-alpha", RELEASE_ALPHA },
	[BETA] = { "1.0.0-beta", RELEASE_BETA }, [BETA2] = { "1.0.0-beta2", RELEASE_BETA },
	[BETA3] = { "1.0.0-beta3", RELEASE_BETA3 }, [BETA4] = { "1.0.0-beta4", RELEASE_BETA4 },
	[BETA5] = { "1.0.0-beta5", RELEASE_BETA5 }, [BETA6] = { "1.0.0-beta6", RELEASE_BETA6 },
	[BETA7] = { "1.0.0-beta7", RELEASE_BETA7 }, [M1] = { "1.0.0-M1", RELEASE_M1 },
	[M1_1] = { "1.0.0-M1.1", RELEASE_M1 }, [M2] = { "1.0.0-M2", RELEASE_M1 },
	[M2_1] = { "1.0.0-M2.1", RELEASE_M2 },
};

/* What stands in the configuration, and which releases write that. */
struct clue {
	const char *class_name; /* in objects of this class; NULL: of any */
	const char *has[2];     /* that have these members */
	const char *lacks[2];   /* and not these */
	enum version first, last;
	const char *why;
};

static const struct clue clues[] = {
	{ NULL, { "redistributeParams" }, { NULL }, V0_5_0, V0_5_0, "redistributeParams" },
	{ NULL, { "convolutionType" }, { NULL }, V0_5_0, V0_6_0, "convolutionType" },
	{ NULL, { "extraArgs" }, { "pretrain" }, V0_5_0, V0_7_0, "layers without pretrain" },
	{ NULL, { "lossFn" }, { NULL }, V0_6_0, M2_1, "lossFn" },
	{ NULL, { "convolutionMode" }, { NULL }, V0_7_0, M2_1, "convolutionMode" },
	{ NULL, { "extraArgs", "pretrain" }, { NULL }, V0_7_0, V0_7_1, "layers with extraArgs" },
	{ NULL, { "activationFunction" }, { NULL }, V0_5_0, V0_7_1, "activations that are words" },
	{ NULL, { "activationFn" }, { NULL }, V0_7_2, M2_1, "activations that are objects" },
	{ NULL, { "biasL1" }, { NULL }, V0_5_0, V0_7_2, "layers with biasL1" },
	{ NULL, { "l1Bias" }, { NULL }, V0_8_0, BETA3, "layers with l1Bias" },
	{ NULL, { "updater", "learningRate" }, { "iupdater" }, V0_5_0, V0_8_0, "no iupdater" },
	{ NULL, { "iupdater" }, { NULL }, V0_9_0, M2_1, "layers with iupdater" },
	{ NULL, { "trainingWorkspaceMode" }, { NULL }, V0_9_0, M2_1, "trainingWorkspaceMode" },
	{ NULL, { "backprop", "pretrain" }, { "epochCount" }, V0_5_0, V0_9_1, "no epochCount" },
	{ NULL, { "epochCount" }, { NULL }, ALPHA, M2_1, "epochCount" },
	{ NULL, { "l1ByParam" }, { NULL }, V0_5_0, BETA, "layers with l1ByParam" },
	{ NULL, { "backprop" }, { "legacyBatchScaledL2" }, V0_5_0, BETA2, "no legacyBatchScaledL2" },
	{ NULL, { "legacyBatchScaledL2" }, { NULL }, BETA3, BETA3, "legacyBatchScaledL2" },
	{ NULL, { "weightInitFn" }, { NULL }, BETA4, M2_1, "layers with weightInitFn" },
	{ NULL, { "validateOutputLayerConfig" }, { NULL }, BETA4, M2_1, "validateOutputLayerConfig" },
	{ "SubsamplingLayer", { NULL }, { "avgPoolIncludePadInDivisor" }, V0_5_0, BETA4,
	  "no avgPoolIncludePadInDivisor" },
	{ "CapsuleLayer", { NULL }, { "paramWeightInit" }, V0_5_0, BETA5, "no paramWeightInit" },
	{ "LocallyConnected1D", { NULL }, { "paramWeightInit" }, V0_5_0, BETA5, "no paramWeightInit" },
	{ "LocallyConnected2D", { NULL }, { "paramWeightInit" }, V0_5_0, BETA5, "no paramWeightInit" },
	{ "LocallyConnected2D", { NULL }, { "format" }, V0_5_0, BETA6, "no format" },
	{ "SelfAttentionLayer", { NULL }, { "paramWeightInit" }, V0_5_0, BETA5, "no paramWeightInit" },
	{ "ActivationReLU", { NULL }, { "negativeSlope" }, V0_5_0, BETA6, "no negativeSlope" },
	{ NULL, { "negativeSlope" }, { NULL }, BETA7, M2_1, "negativeSlope" },
	{ NULL, { "paramWeightInit" }, { NULL }, BETA6, M2_1, "paramWeightInit" },
	{ NULL, { "gateActivationFn" }, { "helperAllowFallback" }, V0_5_0, BETA4,
	  "no helperAllowFallback" },
	{ NULL, { "avgPoolIncludePadInDivisor" }, { NULL }, BETA5, M2_1, "avgPoolIncludePadInDivisor" },
	{ NULL, { "helperAllowFallback" }, { NULL }, BETA5, M2_1, "helperAllowFallback" },
	{ NULL, { "weightInitFn", "nin" }, { "timeDistributedFormat", "sharedAxes" }, BETA4, BETA6,
	  "no timeDistributedFormat" },
	{ NULL, { "timeDistributedFormat" }, { NULL }, BETA7, M2_1,
	  "layers with timeDistributedFormat" },
	{ "Dropout", { "initializedHelper" }, { NULL }, V0_5_0, BETA7, "initializedHelper" },
	{ "Dropout", { "helperAllowFallback" }, { "initializedHelper" }, M1, M2_1,
	  "no initializedHelper" },
	{ "MergeVertex", { NULL }, { "mergeAxis" }, V0_5_0, BETA7, "no mergeAxis" },
	{ NULL, { "mergeAxis" }, { NULL }, M1, M2_1, "mergeAxis" },
	{ "Yolo2OutputLayer", { NULL }, { "format" }, V0_5_0, BETA7, "no format" },
	{ "Yolo2OutputLayer", { "format" }, { NULL }, M1, M2_1, "format of a Yolo2OutputLayer" },
	{ NULL, { "cnn2dDataFormat" }, { NULL }, BETA7, M2_1, "cnn2dDataFormat" },
	{ NULL, { "rnnDataFormat" }, { NULL }, BETA7, M2_1, "rnnDataFormat" },
};

/* The same for coefficients.bin. */
static const struct {
	const char *mode; /* of allocation; "": there is no array, or none with a head */
	int rank;         /* 0: any */
	enum version first, last;
	const char *why;
} arrays[] = {
	{ "", 0, V0_5_0, M2, "no array of parameters" },
	{ "JAVACPP", 0, V0_5_0, BETA, "arrays of 32-bit shapes" },
	{ "LONG_SHAPE", 0, BETA2, BETA3, "arrays of 64-bit shapes without types" },
	{ "MIXED_DATA_TYPES", 2, BETA4, M2, "typed arrays, parameters of rank 2" },
	{ "MIXED_DATA_TYPES", 1, M2_1, M2_1, "parameters of rank 1" },
};

struct evidence {
	enum version first, last;
	const char *why_first, *why_last;
};

/* Where clues contradict each other, as in files put together by hand, the later release counts:
 * it is the one that knows what stands there. */
static void narrow(struct evidence *e, enum version first, enum version last, const char *why)
{
	if (first > e->first) {
		e->first = first;
		e->why_first = why;
	}
	if (last < e->last) {
		e->last = last;
		e->why_last = why;
	}
}

static bool is_a(const cJSON *object, const char *class_name)
{
	const char *name = cJSON_GetStringValue(json_get(object, "@class"));
	const char *dot = name ? strrchr(name, '.') : NULL;

	return name && !strcmp(dot ? dot + 1 : name, class_name);
}

/* Null counts. */
static bool has(const cJSON *object, const char *key)
{
	return !key || cJSON_GetObjectItemCaseSensitive(object, key);
}

static void gather(struct evidence *e, const cJSON *json)
{
	for (size_t i = 0; cJSON_IsObject(json) && i < sizeof clues / sizeof *clues; i++) {
		const struct clue *c = &clues[i];
		if ((!c->class_name || is_a(json, c->class_name)) && has(json, c->has[0]) &&
		    has(json, c->has[1]) && !(c->lacks[0] && has(json, c->lacks[0])) &&
		    !(c->lacks[1] && has(json, c->lacks[1])))
			narrow(e, c->first, c->last, c->why);
	}
	for (json = json->child; json; json = json->next)
		if (json->child)
			gather(e, json);
}

/* The first layer or vertex tells the style of the whole file. */
static bool wrapped(const cJSON *root)
{
	const cJSON *first = json_get(root, "confs"), *vertices = json_get(root, "vertices");
	const cJSON *sample = first ? json_get(first->child, "layer") : NULL;

	if (!first && vertices)
		sample = vertices->child;
	return sample && !json_get(sample, "@class");
}

bool release_named(const char *name, enum release *out)
{
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		if (!strcmp(name, versions[i].name)) {
			*out = versions[i].release;
			return true;
		}
	return false;
}

int release_tell(struct wiring *out, const cJSON *root, const struct ndarray *flat,
                 struct arena *arena, struct dl4j_error *err)
{
	struct evidence e = { V0_5_0, M2_1, "", "" };
	struct str text = { 0 };

	if (wrapped(root))
		narrow(&e, V0_5_0, ALPHA, "layers wrapped in objects of their name");
	else
		narrow(&e, BETA, M2_1, "layers with @class");
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		if (!strcmp(flat->mode ? flat->mode : "", arrays[i].mode) &&
		    (!arrays[i].rank || arrays[i].rank == flat->rank))
			narrow(&e, arrays[i].first, arrays[i].last, arrays[i].why);
	gather(&e, root);
	if (e.last < e.first)
		e.last = e.first;
	out->release = versions[e.last].release;
	if (e.first <= BETA7 && e.last > BETA7) /* far more zips are beta7's than of what came next */
		out->release = RELEASE_BETA7;
	str_add(&text, versions[e.first].name);
	if (e.last != e.first)
		str_addf(&text, " to %s", versions[e.last].name);
	out->release_name = text.failed ? NULL : arena_strdup(arena, text.text);
	text.len = 0;
	str_add(&text, e.why_first);
	if (*e.why_last && strcmp(e.why_first, e.why_last))
		str_addf(&text, "%s%s", text.len ? ", " : "", e.why_last);
	out->release_why = text.failed ? NULL : arena_strdup(arena, text.text);
	str_free(&text);
	return out->release_name && out->release_why ? 0 : fail_memory(err);
}
