#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Has real DL4J write the golden data again. Needs Maven, a JDK of 11 or later and, the first
# time, a network.
#   golden.sh                   everything
#   golden.sh CASE-PREFIX...    these small cases only, such as `golden.sh convolution merge`
#   golden.sh -r FOLDER LAST    random networks 1 to LAST of the newest release, into FOLDER
set -eu
cd "$(dirname "$0")"

# oracle RELEASE PROGRAM [ARGUMENT]...
oracle() {
	profile=
	[ "$1" = m2.1 ] || profile=-P$1
	program=$2
	shift 2
	mvn -q -B $profile compile exec:exec -Dmain="oracle.$program" -Dargs="$*"
}

if [ "${1-}" = -r ]; then
	oracle m2.1 RandomGraphs "$2" 1 "$3"
	exit
fi
for release in m2.1 beta7; do
	oracle $release Cases "$@"
done
for release in 0.5.0 0.7.2 0.8.0 0.9.1 alpha; do
	(cd old && mvn -q -B -P$release compile exec:exec -Dargs="$*")
done
[ $# -eq 0 ] || exit 0
for release in m2.1 beta7; do
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
