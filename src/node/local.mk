# SPDX-License-Identifier: Apache-2.0
node_sources = \
	src/node/activation.h \
	src/node/activations.c \
	src/node/format.c \
	src/node/format.h \
	src/node/layers/activation_layer.c \
	src/node/layers/batch_normalization.c \
	src/node/layers/conv.c \
	src/node/layers/conv.h \
	src/node/layers/convolution.c \
	src/node/layers/dense.c \
	src/node/layers/dense.h \
	src/node/layers/depthwise_convolution.c \
	src/node/layers/dropout.c \
	src/node/layers/frozen.c \
	src/node/layers/global_pooling.c \
	src/node/layers/loss.c \
	src/node/layers/output.c \
	src/node/layers/separable_convolution.c \
	src/node/layers/subsampling.c \
	src/node/layers/zero_padding.c \
	src/node/node.c \
	src/node/node.h \
	src/node/nodes.def \
	src/node/preprocessors/cnn_to_feed_forward.c \
	src/node/preprocessors/feed_forward_to_cnn.c \
	src/node/vertices/element_wise.c \
	src/node/vertices/merge.c \
	src/node/vertices/scale.c \
	src/node/vertices/shift.c \
	src/node/window.c \
	src/node/window.h
