/* SPDX-License-Identifier: Apache-2.0 */
/* profiles: the built-in ones.
 * keras: and dl4j: rows are right for the weights; weka: rows give WekaDeeplearning4j's numbers. */
#include <string.h>

#include "cli/profile.h"

#define CAFFE "103.939,116.779,123.68", NULL          /* BGR minus the mean of ImageNet */
#define TORCH "0.485,0.456,0.406", "0.229,0.224,0.225" /* RGB by mean and deviation of ImageNet */
#define VGGFACE "93.594,104.762,129.186", NULL

#define TF_ROW(name, size) { "keras:" name, size, "rgb", "-1,1", NULL, NULL, "imagenet" }
#define CAFFE_ROW(name, size) { name, size, "bgr", NULL, CAFFE, "imagenet" }
#define TORCH_ROW(name, size) { "keras:" name, size, "rgb", "0,1", TORCH, "imagenet" }
#define WEKA_ROW(name, size, scale) { "weka:" name, size, "bgr", scale, NULL, NULL, "imagenet" }

const struct profile_row profile_rows[] = {
	TF_ROW("xception", "299x299"),
	TF_ROW("inceptionv3", "299x299"),
	TF_ROW("nasnetmobile", "224x224"),
	TF_ROW("nasnetlarge", "331x331"),
	TF_ROW("resnet50v2", "224x224"),
	TF_ROW("resnet101v2", "224x224"),
	TF_ROW("resnet152v2", "224x224"),
	CAFFE_ROW("keras:resnet50", "224x224"),
	CAFFE_ROW("keras:resnet101", "224x224"),
	CAFFE_ROW("keras:resnet152", "224x224"),
	CAFFE_ROW("keras:vgg16", "224x224"),
	CAFFE_ROW("keras:vgg19", "224x224"),
	TORCH_ROW("densenet121", "224x224"),
	TORCH_ROW("densenet169", "224x224"),
	TORCH_ROW("densenet201", "224x224"),
	TORCH_ROW("efficientnetb0", "224x224"),
	TORCH_ROW("efficientnetb1", "240x240"),
	TORCH_ROW("efficientnetb2", "260x260"),
	TORCH_ROW("efficientnetb3", "300x300"),
	TORCH_ROW("efficientnetb4", "380x380"),
	TORCH_ROW("efficientnetb5", "456x456"),
	TORCH_ROW("efficientnetb6", "528x528"),
	TORCH_ROW("efficientnetb7", "600x600"),
	CAFFE_ROW("dl4j:squeezenet", "227x227"),
	{ "dl4j:darknet19", "224x224", "rgb", "0,1", NULL, NULL, "darknet" },
	{ "dl4j:vggface", "224x224", "bgr", NULL, VGGFACE, NULL },
	{ "dl4j:lenet", "28x28", "grey", "0,1", NULL, NULL, "mnist" },
	{ "dl4j:tinyyolo", "416x416", "rgb", "0,1", NULL, NULL, NULL },
	{ "dl4j:yolo2", "608x608", "rgb", "0,1", NULL, NULL, NULL },
	WEKA_ROW("KerasXception", "229x229", "-1,1"),
	WEKA_ROW("KerasInceptionV3", "299x299", "-1,1"),
	WEKA_ROW("KerasNASNetMobile", "224x224", "-1,1"),
	WEKA_ROW("KerasNASNetLarge", "331x331", "-1,1"),
	WEKA_ROW("KerasResNet", "224x224", "none"),
	WEKA_ROW("KerasResNetV2", "224x224", "-1,1"),
	WEKA_ROW("KerasVGG", "224x224", "none"),
	WEKA_ROW("KerasDenseNet", "224x224", "-1,1"),
	WEKA_ROW("KerasEfficientNet", "224x224", "-1,1"),
	WEKA_ROW("Dl4jXception", "299x299", "0,1"),
	WEKA_ROW("Dl4jResNet50", "224x224", "none"),
	WEKA_ROW("Dl4jVGG", "224x224", "none"),
	WEKA_ROW("Dl4jSqueezeNet", "224x224", "none"),
	{ "weka:Dl4jDarknet19", "224x224", "bgr", "0,1", NULL, NULL, "darknet" },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct profile_row *profile_of_zoo(const char *zoo)
{
	for (const struct profile_row *row = profile_rows; row->name; row++)
		if (strncmp(row->name, "weka:", 5) != 0 && strcmp(strchr(row->name, ':') + 1, zoo) == 0)
			return row;
	return NULL;
}
