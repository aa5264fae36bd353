/* SPDX-License-Identifier: Apache-2.0 */
/* known_files: the model files that were published, by the Adler-32 of the whole file.
 * Whoever publishes them checks downloads by these numbers. */
#include "cli/digest.h"

#define DL4J "the model zoo of Deeplearning4j"
#define WEKA "WekaDeeplearning4j"

static const struct known_file files[] = {
	{ 691100891, "Darknet19, 224x224", DL4J },
	{ 1054319943, "Darknet19, 448x448", DL4J },
	{ 1906861161, "LeNet", DL4J },
	{ 3082463801, "NASNet, mobile", DL4J },
	{ 321395591, "NASNet, large", DL4J },
	{ 3914447815, "ResNet50", DL4J },
	{ 3711411239, "SqueezeNet", DL4J },
	{ 1256226465, "TinyYOLO", DL4J },
	{ 712347958, "UNet", DL4J },
	{ 3501732770, "VGG16, ImageNet", DL4J },
	{ 2192260131, "VGG16, CIFAR-10", DL4J },
	{ 2706403553, "VGG16, VGGFace", DL4J },
	{ 2782932419, "VGG19", DL4J },
	{ 3277876097, "Xception", DL4J },
	{ 3658373840, "YOLO2", DL4J },
	{ 3317961040, "KerasDenseNet121", WEKA },
	{ 2917284844, "KerasDenseNet169", WEKA },
	{ 390469819, "KerasDenseNet201", WEKA },
	{ 3915144300, "KerasEfficientNetB0", WEKA },
	{ 2399258563, "KerasEfficientNetB1", WEKA },
	{ 3826625376, "KerasEfficientNetB2", WEKA },
	{ 4091966028, "KerasEfficientNetB3", WEKA },
	{ 4208479803, "KerasEfficientNetB4", WEKA },
	{ 2859282668, "KerasEfficientNetB5", WEKA },
	{ 1628985300, "KerasEfficientNetB6", WEKA },
	{ 1160697645, "KerasEfficientNetB7", WEKA },
	{ 2527243775, "KerasInceptionV3", WEKA },
	{ 1844533549, "KerasNASNetMobile", WEKA },
	{ 3178325491, "KerasNASNetLarge", WEKA },
	{ 3286468754, "KerasResNet50", WEKA },
	{ 3513024472, "KerasResNet50V2", WEKA },
	{ 220275721, "KerasResNet101", WEKA },
	{ 3095544222, "KerasResNet101V2", WEKA },
	{ 3085881774, "KerasResNet152", WEKA },
	{ 2370199264, "KerasResNet152V2", WEKA },
	{ 205199086, "KerasVGG16", WEKA },
	{ 1716706036, "KerasVGG19", WEKA },
	{ 3786331101, "KerasXception", WEKA },
};

const struct known_file *known_file(uint32_t adler32)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (files[i].adler32 == adler32)
			return &files[i];
	return NULL;
}
