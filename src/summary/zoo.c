/* SPDX-License-Identifier: Apache-2.0 */
/* zoo: the published networks, each told by its numbers of vertices and of parameters.
 * What their zips do not store, the input's size and the name, stands here. */
#include <stddef.h>

#include "summary/summary.h"

static const struct zoo nets[] = {
	/* trained in Keras, imported */
	{ "densenet121", "densenet121", 224, 224, 429, 8062504, false },
	{ "densenet169", "densenet169", 224, 224, 597, 14307880, false },
	{ "densenet201", "densenet201", 224, 224, 709, 20242984, false },
	{ "efficientnetb0", "model_2", 224, 224, 249, 5330564, false },
	{ "efficientnetb1", "model_4", 240, 240, 358, 7856232, false },
	{ "efficientnetb2", "model_6", 260, 260, 358, 9177562, false },
	{ "efficientnetb3", "model_8", 300, 300, 406, 12320528, false },
	{ "efficientnetb4", "model_10", 380, 380, 502, 19466816, false },
	{ "efficientnetb5", "model_12", 456, 456, 611, 30562520, false },
	{ "efficientnetb6", "model_2", 528, 528, 707, 43265136, false },
	{ "efficientnetb7", "model_4", 600, 600, 864, 66658680, false },
	{ "inceptionv3", "inception_v3", 299, 299, 313, 23869000, true },
	{ "nasnetlarge", "NASNet", 331, 331, 1041, 88949818, false },
	{ "nasnetmobile", "NASNet", 224, 224, 771, 5326716, false },
	{ "resnet101", "resnet101", 224, 224, 347, 44707176, false },
	{ "resnet101v2", "resnet101v2", 224, 224, 379, 44675560, false },
	{ "resnet152", "resnet152", 224, 224, 517, 60419944, false },
	{ "resnet152v2", "resnet152v2", 224, 224, 566, 60380648, false },
	{ "resnet50", "resnet50", 224, 224, 177, 25636712, false },
	{ "resnet50v2", "resnet50v2", 224, 224, 192, 25613800, false },
	{ "vgg16", "vgg16", 224, 224, 23, 138357544, false },
	{ "vgg19", "vgg19", 224, 224, 26, 143667240, false },
	{ "xception", "xception", 299, 299, 134, 22910480, false }, /* and DL4J's own */
	/* DL4J's own, with the classes that they were published for */
	{ "alexnet", NULL, 224, 224, 14, 62378344, false },
	{ "darknet19", NULL, 224, 224, 64, 20856776, false },
	{ "lenet", NULL, 28, 28, 7, 1256080, false },
	{ "lenet", NULL, 28, 28, 12, 1256080, false }, /* as a ComputationGraph */
	{ "resnet50", "resnet50", 224, 224, 176, 25636712, false },
	{ "squeezenet", NULL, 227, 227, 68, 1235496, false },
	{ "tinyyolo", NULL, 416, 416, 33, 15867885, false },
	{ "unet", NULL, 512, 512, 40, 31032837, false },
	{ "vgg16", "vgg16", 224, 224, 22, 138357544, false },
	{ "yolo2", NULL, 608, 608, 76, 50983561, false },
};

const struct zoo *zoo_find(const struct graph *g)
{
	for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
		if (nets[i].vertices == g->n_steps && nets[i].params == g->n_params)
			return &nets[i];
	return NULL;
}
