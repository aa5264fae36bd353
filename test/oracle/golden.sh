#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Has real DL4J write the golden data again. Needs Maven, a JDK of 11 or later and, the first
# time, a network.
#   golden.sh                   everything
#   golden.sh CASE-PREFIX...    these small cases only, such as `golden.sh convolution merge`
#   golden.sh -r FOLDER LAST [RELEASE]   random networks 1 to LAST of that release (m2.1)
set -eu
cd "$(dirname "$0")"

# oracle RELEASE PROGRAM [ARGUMENT]...
oracle() {
	profile=
	[ "$1" = m2.1 ] || profile=-P$1
	compile=compile
	case $1 in
	beta | beta[2-6])
		compile=
		mvn -q -B -Pbeta7 compile
		;;
	esac
	program=$2
	shift 2
	mvn -q -B $profile $compile exec:exec -Dmain="oracle.$program" -Dargs="$*"
}

if [ "${1-}" = -r ]; then
	oracle "${4-m2.1}" RandomGraphs "$2" 1 "$3"
	exit
fi
for release in m2.1 beta7; do
	oracle $release Cases "$@"
done

# Of older releases some cases, by their whole names. Where files of beta4 are those of beta6, too,
# the case is beta6's.
old="activations. batchnorm. cells. dense. depthwise. dilated. elementwise. embedding-masked. frozen.
	frozen-graph. lenet. lrn. merge. mlp. mlp-double. mlp-half. normalizer-standardize. other-outputs.
	other-vertices. other-vertices-row. pooling. pooling1d. residual-half. rnn. rnn-masked.
	rnn-pictures. stack. timeseries-masked. timesteps. timesteps-last. topology. two-outputs.
	unflatten. vae. windows. yolo2. zeropadding."
for release in beta3 beta4 beta6; do
	[ $# -gt 0 ] || oracle $release Cases $old
done
since4="attention. attention-masked. timesteps-dense."
also="convolution. convolution1d. deconvolution. locally. masked1d. separable."
if [ $# -eq 0 ]; then
	oracle beta3 Cases $also topology-unstored.
	oracle beta4 Cases $since4
	oracle beta5 Cases capsules. locally.
	oracle beta6 Cases $since4 $also capsules. keras-preprocessors.
	oracle m2 Cases merge. residual. timeseries. yolo2.
fi

for release in 0.5.0 0.7.2 0.8.0 0.9.1 alpha; do
	(cd old && mvn -q -B -P$release compile exec:exec -Dargs="$*")
done
[ $# -eq 0 ] || exit 0
for release in m2.1 beta7 beta6 beta4; do
	oracle $release RandomGraphs ../../data/golden 1 4 16
done

# Programs beside the small cases, one line each and release (oracle.Xception, oracle.Demo,
# oracle.Images):
large=../../data/golden-large
for case in xception-seed002-beta7 xception-seed000-beta7; do
	oracle beta7 Xception $large/$case target/$case
done
oracle m2.1 Chars ../../data/chars
oracle m2.1 Xception $large/xception-zoo-m2.1 target/xception-zoo-m2.1 zoo
for net in AlexNet Darknet19 FaceNetNN4Small2 InceptionResNetV1 LeNet NASNet ResNet50 SimpleCNN \
	SqueezeNet TextGenerationLSTM TinyYOLO UNet VGG16 VGG19 YOLO2; do
	oracle m2.1 Zoo ../../data/golden-zoo target $net
done

# Keras' nets, where keras_nets.py has been run (README.md):
[ -d target/keras-nets ] || exit 0
keras=../../data/golden-keras
oracle beta7 KerasNets target/keras-nets $keras target vgg16 resnet50 mobilenet inceptionv3 \
	densenet121 efficientnetb0 nasnetmobile
oracle beta7 KerasNets target/keras-nets ../../data/golden target norms
oracle m2.1 KerasNets target/keras-nets $keras target vgg16 mobilenet densenet121 efficientnetb0
