/* SPDX-License-Identifier: Apache-2.0 */
/* The spatial layers beside plain images: series (3 x 9), volumes (2 x 5 x 4 x 6, C, D, H, W), and
 * layers that move, stretch or weigh the cells of either. */
package oracle;

import static oracle.Format.FIRST;
import static oracle.Format.LAST;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Causal;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Same;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Strict;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Truncate;
import static org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat.NCDHW;
import static org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat.NDHWC;

import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SpaceToBatchLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class SpatialCases {
	private SpatialCases() { }

	static void list(Map<String, Cases.Case> cases) {
		put(cases, "convolution1d", (o, n) -> convolution1d(o, n, FIRST));
		put(cases, "convolution1d-nwc", (o, n) -> convolution1d(o, n, LAST));
		put(cases, "pooling1d", (o, n) -> pooling1d(o, n, FIRST));
		put(cases, "pooling1d-nwc", (o, n) -> {
			if (o.writes("m2.1"))	/* beta7 pools the channels, too */
				pooling1d(o, n, LAST);
		});
		put(cases, "cells1d", SpatialCases::cells1d);
		put(cases, "masked1d", SpatialCases::masked1d);
		put(cases, "convolution3d", (o, n) -> convolution3d(o, n, NCDHW));
		put(cases, "convolution3d-ndhwc", (o, n) -> convolution3d(o, n, NDHWC));
		put(cases, "deconvolution3d", (o, n) -> deconvolution3d(o, n, NCDHW));
		put(cases, "deconvolution3d-ndhwc", (o, n) -> deconvolution3d(o, n, NDHWC));
		put(cases, "pooling3d", (o, n) -> pooling3d(o, n, NCDHW));
		put(cases, "pooling3d-ndhwc", (o, n) -> pooling3d(o, n, NDHWC));
		put(cases, "oblong3d", (o, n) -> oblong3d(o, n, NCDHW));
		put(cases, "oblong3d-ndhwc", (o, n) -> oblong3d(o, n, NDHWC));
		put(cases, "globalpooling3d", SpatialCases::globalpooling3d);
		put(cases, "cells3d", (o, n) -> cells3d(o, n, NCDHW));
		put(cases, "cells3d-ndhwc", (o, n) -> cells3d(o, n, NDHWC));
		put(cases, "deconvolution", (o, n) -> deconvolution(o, n, FIRST));
		put(cases, "deconvolution-nhwc", (o, n) -> deconvolution(o, n, LAST));
		put(cases, "cells", (o, n) -> cells(o, n, FIRST));
		put(cases, "cells-nhwc", (o, n) -> cells(o, n, LAST));
		put(cases, "lrn", (o, n) -> lrn(o, n, FIRST));
		put(cases, "lrn-nhwc", (o, n) -> lrn(o, n, LAST));
		put(cases, "locally", (o, n) -> locally(o, n, FIRST));
		put(cases, "locally-nhwc", (o, n) -> locally(o, n, LAST));
		put(cases, "locally1d", SpatialCases::locally1d);
		put(cases, "prelu", SpatialCases::prelu);
		put(cases, "windows", SpatialCases::windows);
	}

	/** M2.1 computes some dilated windows only without its own oneDNN helpers. */
	private static void put(Map<String, Cases.Case> cases, String name, Cases.Case c) {
		cases.put(name, (out, n) -> {
			if (out.writes("m2.1"))
				Moved.withoutHelpers(() -> c.write(out, n));
			else
				c.write(out, n);
		});
	}

	private static InputType series(Format format) {
		return format.series(3, 9);
	}

	private static InputType volume(Convolution3D.DataFormat format) {
		return InputType.convolutional3D(format, 5, 4, 6, 2);
	}

	/* Series */

	private static Convolution1DLayer.Builder conv1(Format format, int kernel) {
		return format.on(new Convolution1DLayer.Builder(kernel)).nOut(2);
	}

	private static void convolution1d(Write out, String name, Format f) throws Exception {
		new Branches(out, name).input("in", series(f))
			.add("k1", conv1(f, 1).build())
			.add("k3", conv1(f, 3).build())
			.add("k2_s2", conv1(f, 2).stride(2).build())
			.add("k3_p1", conv1(f, 3).padding(1).build())
			.add("k3_p2_s2", conv1(f, 3).padding(2).stride(2).build())
			.addNewer("k3_d2", () -> conv1(f, 3).dilation(2).build())
			.add("strict_k3_s2", conv1(f, 3).stride(2).convolutionMode(Strict).build())
			.add("same_k3", conv1(f, 3).convolutionMode(Same).build())
			.add("same_k2", conv1(f, 2).convolutionMode(Same).build())
			.add("same_k4_s2", conv1(f, 4).stride(2).convolutionMode(Same).build())
			.addNewer("same_k3_d2", () -> conv1(f, 3).dilation(2).convolutionMode(Same).build())
			.addNewer("causal_k3", () -> conv1(f, 3).convolutionMode(Causal).build())
			.addNewer("causal_k2", () -> conv1(f, 2).convolutionMode(Causal).build())
			.addNewer("causal_k3_s2", () -> conv1(f, 3).stride(2).convolutionMode(Causal).build())
			.addNewer("causal_k3_d2", () -> conv1(f, 3).dilation(2).convolutionMode(Causal).build())
			.add("nobias", conv1(f, 3).hasBias(false).build())
			.add("relu", conv1(f, 3).activation(Activation.RELU).build())
			.add("softmax", conv1(f, 2).activation(Activation.SOFTMAX).build())
			.add("wide", conv1(f, 3).nOut(17).build())
			.add("wide_next", conv1(f, 2).nOut(5).build(), "wide")
			.write();
	}

	/** Set, for beta7's builder does not know all of these. */
	private static Subsampling1DLayer pool1(Format format, PoolingType type, int kernel,
			int stride, int padding, ConvolutionMode mode) {
		Subsampling1DLayer l = new Subsampling1DLayer.Builder(PoolingType.MAX, kernel).stride(stride)
				.padding(padding).build();

		l.setPoolingType(type);
		format.on(l);
		l.setPnorm(type == PoolingType.PNORM ? 3 : 0);
		if (mode != null)
			l.setConvolutionMode(mode);
		return l;
	}

	private static void pooling1d(Write out, String name, Format f) throws Exception {
		Branches b = new Branches(out, name).input("in", series(f))
				.add("negative", new ShiftVertex(-3), "in");

		for (PoolingType type : PoolingType.values()) {
			String t = type.name().toLowerCase();
			b.add(t + "_k2_s2", pool1(f, type, 2, 2, 0, null))
				.add(t + "_k3", pool1(f, type, 3, 1, 0, null))
				.add(t + "_p1", pool1(f, type, 3, 1, 1, null), "negative")
				.add(t + "_same", pool1(f, type, 3, 1, 0, Same), "negative")
				.add(t + "_same_k2_s2", pool1(f, type, 2, 2, 0, Same), "negative");
		}
		b.addNewer("avg_same_counted", () -> {
			Subsampling1DLayer counted = pool1(f, PoolingType.AVG, 3, 1, 0, Same);
			counted.setAvgPoolIncludePadInDivisor(true);
			return counted;
		}).write();
	}

	/** DL4J knows no other format here. */
	private static void cells1d(Write out, String name) throws Exception {
		new Branches(out, name).input("in", series(FIRST))
			.add("pad", new ZeroPadding1DLayer.Builder(1, 2).build())
			.add("pad_2", new ZeroPadding1DLayer.Builder(2).build())
			.add("pad_0", new ZeroPadding1DLayer.Builder(0, 0).build())
			.add("crop", new Cropping1D.Builder(1, 2).build())
			.add("crop_2", new Cropping1D.Builder(2).build())
			.add("crop_0_1", new Cropping1D.Builder(0, 1).build())
			.add("up_2", new Upsampling1D.Builder(2).build())
			.add("up_3", new Upsampling1D.Builder(3).build())
			.add("up_crop", new Cropping1D.Builder(1, 1).build(), "up_2")
			.write();
	}

	/** Masks shrink as their series do, where a window slides over them. */
	private static void masked1d(Write out, String name) throws Exception {
		Format f = FIRST;
		INDArray mask = Nd4j.ones(Write.BATCH, 9);

		for (int t = 5; t < 9; t++)
			mask.putScalar(1, t, 0);
		for (int t = 0; t < 9; t++)
			mask.putScalar(2, t, t == 1 || t == 7 ? 1 : 0);
		Branches b = new Branches(out, name).input("in", series(f), null, mask);

		b.add("k3", conv1(f, 3).build())
			.add("k2_s2", conv1(f, 2).stride(2).build())
			.add("k3_p1", conv1(f, 3).padding(1).build())
			.add("same_k3", conv1(f, 3).convolutionMode(Same).build())
			.add("same_k3_s2", conv1(f, 3).stride(2).convolutionMode(Same).build())
			.addNewer("causal_k3", () -> conv1(f, 3).convolutionMode(Causal).build())
			.addNewer("causal_k3_d2", () -> conv1(f, 3).dilation(2).convolutionMode(Causal).build())
			.add("max", pool1(f, PoolingType.MAX, 2, 2, 0, null))
			.add("max_same", pool1(f, PoolingType.MAX, 3, 2, 0, Same))
			.add("pad", new ZeroPadding1DLayer.Builder(1, 2).build())
			.add("crop", new Cropping1D.Builder(1, 1).build())
			.add("up", new Upsampling1D.Builder(2).build());
		for (String v : new String[] { "k3", "k2_s2", "k3_p1", "same_k3", "same_k3_s2", "causal_k3",
				"causal_k3_d2", "max", "max_same", "pad", "crop", "up" })
			b.add(v + "_mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), v);
		b.write();
	}

	private static LocallyConnected1D.Builder local1(int kernel) {
		return new LocallyConnected1D.Builder().kernelSize(kernel).nIn(3).nOut(2)
				.convolutionMode(Truncate).activation(Activation.IDENTITY);
	}

	private static void locally1d(Write out, String name) throws Exception {
		new Branches(out, name).input("in", series(FIRST))
			.add("k1", local1(1).build())
			.add("k2", local1(2).build())
			.add("k3_s2", local1(3).stride(2).build())
			.add("k3_p1", local1(3).padding(1).build())
			.addNewer("k3_d2", () -> local1(3).dilation(2).build())
			.add("same_k3", local1(3).convolutionMode(Same).build())
			.add("same_k2_s2", local1(2).stride(2).convolutionMode(Same).build())
			.add("same_k4", local1(4).convolutionMode(Same).build())
			.addNewer("causal_k3", () -> local1(3).convolutionMode(Causal).build())
			.add("nobias", local1(3).hasBias(false).build())
			.add("tanh", local1(2).activation(Activation.TANH).build())
			.add("softmax", local1(2).activation(Activation.SOFTMAX).build())
			.write();
	}

	/* Volumes */

	private static Convolution3D.Builder conv3(Convolution3D.DataFormat format, int... kernel) {
		return new Convolution3D.Builder(kernel).dataFormat(format).nOut(3);
	}

	private static Convolution3D same3(Convolution3D.Builder b) {
		b.convolutionMode(Same);
		return b.build();
	}

	private static void convolution3d(Write out, String name, Convolution3D.DataFormat f)
			throws Exception {
		Convolution3D.Builder strict = conv3(f, 3, 2, 2);
		Convolution3D.Builder nobias = conv3(f, 2, 2, 2);
		Convolution3D.Builder relu = conv3(f, 2, 2, 2);
		Convolution3D.Builder softmax = conv3(f, 2, 2, 2);

		strict.convolutionMode(Strict);
		nobias.hasBias(false);
		relu.activation(Activation.RELU);
		softmax.activation(Activation.SOFTMAX);
		new Branches(out, name).input("in", volume(f))
			.add("k1", conv3(f, 1, 1, 1).build())
			.add("k2", conv3(f, 2, 2, 2).build())
			.add("k3x2x4", conv3(f, 3, 2, 4).build())
			.add("k2_s2", conv3(f, 2, 2, 2).stride(2, 2, 2).build())
			.add("k3_p1", conv3(f, 3, 3, 3).padding(1, 1, 1).build())
			.add("k3_p2x1x0", conv3(f, 3, 3, 3).padding(2, 1, 0).build())
			.add("k2_d2x1x3", conv3(f, 2, 2, 2).dilation(2, 1, 3).build())
			.add("strict_k3x2x2", strict.build())
			.add("same_k3", same3(conv3(f, 3, 3, 3)))
			.add("same_k2x3x4", same3(conv3(f, 2, 3, 4)))
			.add("same_s2", same3(conv3(f, 3, 3, 3).stride(2, 2, 2)))
			.add("same_d2", same3(conv3(f, 2, 2, 2).dilation(2, 2, 2)))
			.add("nobias", nobias.build())
			.add("relu", relu.build())
			.add("softmax", softmax.build())
			.add("next", conv3(f, 2, 1, 2).build(), "k2")
			.write();
	}

	private static Deconvolution3D.Builder deconv3(Convolution3D.DataFormat format,
			int... kernel) {
		Deconvolution3D.Builder b = new Deconvolution3D.Builder().kernelSize(kernel)
				.stride(1, 1, 1).dataFormat(format);

		b.nOut(3);
		return b;
	}

	private static void deconvolution3d(Write out, String name, Convolution3D.DataFormat f)
			throws Exception {
		Deconvolution3D.Builder dilated = deconv3(f, 2, 2, 2);
		Deconvolution3D.Builder nobias = deconv3(f, 2, 2, 2);
		Deconvolution3D.Builder relu = deconv3(f, 2, 2, 2);

		dilated.dilation(2, 2, 2);
		nobias.hasBias(false);
		relu.activation(Activation.RELU);
		new Branches(out, name)
			.input("in", InputType.convolutional3D(f, 2, 3, 4, 2))
			.add("k1", deconv3(f, 1, 1, 1).build())
			.add("k2_s2", deconv3(f, 2, 2, 2).stride(2, 2, 2).build())
			.add("k3_p1", deconv3(f, 3, 3, 3).padding(1, 1, 1).build())
			.add("dilated", dilated.build())
			.add("same_k3_s2", deconv3(f, 3, 3, 3).stride(2, 2, 2).convolutionMode(Same).build())
			.add("same_k2x3x4", deconv3(f, 2, 3, 4).convolutionMode(Same).build())
			.add("same_k2_s3", deconv3(f, 2, 2, 2).stride(3, 3, 3).convolutionMode(Same).build())
			.add("nobias", nobias.build())
			.add("relu", relu.build())
			.write();
	}

	private static Subsampling3DLayer pool3(Convolution3D.DataFormat format, PoolingType type,
			boolean same, int stride, int padding, int... kernel) {
		Subsampling3DLayer.Builder b = new Subsampling3DLayer.Builder(type).kernelSize(kernel)
				.stride(stride, stride, stride).padding(padding, padding, padding)
				.dataFormat(format);

		b.convolutionMode(same ? Same : Truncate);
		return b.build();
	}

	private static void pooling3d(Write out, String name, Convolution3D.DataFormat f)
			throws Exception {
		Branches b = new Branches(out, name).input("in", volume(f))
				.add("negative", new ShiftVertex(-3), "in");

		for (PoolingType type : PoolingType.values()) {
			String t = type.name().toLowerCase();
			b.add(t + "_k2_s2", pool3(f, type, false, 2, 0, 2, 2, 2))
				.add(t + "_k3x2x4", pool3(f, type, false, 1, 0, 3, 2, 4))
				.add(t + "_k3_p1", pool3(f, type, false, 1, 1, 3, 3, 3), "negative")
				.add(t + "_k3_p1_s2", pool3(f, type, false, 2, 1, 3, 3, 3))
				.add(t + "_same_k2", pool3(f, type, true, 1, 0, 2, 2, 2), "negative")
				.add(t + "_same_k3_s2", pool3(f, type, true, 2, 0, 3, 3, 3), "negative");
		}
		b.write();
	}

	/** Where kernels or strides differ from axis to axis, DL4J's types are not its arrays'. */
	private static void oblong3d(Write out, String name, Convolution3D.DataFormat f)
			throws Exception {
		Convolution3D.Builder conv = conv3(f, 2, 2, 2).stride(1, 2, 3);
		Deconvolution3D.Builder kernel = deconv3(f, 2, 3, 2);
		Deconvolution3D.Builder stride = deconv3(f, 3, 3, 3).stride(1, 2, 3);
		Deconvolution3D.Builder padding = deconv3(f, 3, 3, 3).stride(2, 1, 3).padding(1, 0, 2);

		conv.nIn(2);
		kernel.nIn(2);
		stride.nIn(2);
		padding.nIn(2);
		new Branches(out, name).untyped().input("in", volume(f))
			.add("conv_s1x2x3", conv.build())
			.add("deconv_k2x3x2", kernel.build())
			.add("deconv_k3_s1x2x3", stride.build())
			.add("deconv_p1x0x2", padding.build())
			.write();
	}

	/** All that it knows is NCDHW. */
	private static void globalpooling3d(Write out, String name) throws Exception {
		Branches b = new Branches(out, name).input("in", volume(NCDHW));

		for (PoolingType type : PoolingType.values()) {
			String t = type.name().toLowerCase();
			b.add(t, new GlobalPoolingLayer.Builder(type).build())
				.add(t + "_kept", new GlobalPoolingLayer.Builder(type)
						.collapseDimensions(false).build());
		}
		b.write();
	}

	/** Padding and cropping know NCDHW only. */
	private static void cells3d(Write out, String name, Convolution3D.DataFormat f)
			throws Exception {
		Branches b = new Branches(out, name).input("in", volume(f))
			.add("x", new ScaleVertex(1), "in")
			.add("up_2", new Upsampling3D.Builder(f, 2).build())
			.add("up_1x2x3", new Upsampling3D.Builder().size(new int[] { 1, 2, 3 })
					.dataFormat(f).build())
			.add("loss_softmax", new Cnn3DLossLayer.Builder(f).lossFunction(LossFunction.MCXENT)
					.activation(Activation.SOFTMAX).build(), "x")
			.add("loss_tanh", new Cnn3DLossLayer.Builder(f).lossFunction(LossFunction.MSE)
					.activation(Activation.TANH).build(), "x");

		if (f == NCDHW)
			b.add("pad", new ZeroPadding3DLayer.Builder(1, 2, 0, 1, 2, 1).build())
				.add("pad_1", new ZeroPadding3DLayer.Builder(1).build())
				.add("crop", new Cropping3D.Builder(1, 0, 0, 1, 1, 0).build())
				.add("crop_1", new Cropping3D.Builder(1, 1, 1).build())
				.add("batchnorm", new BatchNormalization.Builder().build(), "x");
		b.write();
	}

	/* Images */

	private static Deconvolution2D.Builder deconv(Format format, int... kernel) {
		return format.on(new Deconvolution2D.Builder(kernel)).nOut(4);
	}

	private static void deconvolution(Write out, String name, Format f) throws Exception {
		Deconvolution2D.Builder dilated = deconv(f, 3, 2);
		Deconvolution2D.Builder nobias = deconv(f, 3, 3);
		Deconvolution2D.Builder relu = deconv(f, 3, 3);
		Deconvolution2D.Builder wide = deconv(f, 3, 3).stride(2, 2);

		dilated.dilation(2, 3);
		nobias.hasBias(false);
		relu.activation(Activation.RELU);
		wide.nOut(18);
		new Branches(out, name).input("in", f.image(3, 4, 2))
			.add("k1", deconv(f, 1, 1).build())
			.add("k3", deconv(f, 3, 3).build())
			.add("k2x3", deconv(f, 2, 3).build())
			.add("k3_s2", deconv(f, 3, 3).stride(2, 2).build())
			.add("k2_s3x2", deconv(f, 2, 2).stride(3, 2).build())
			.add("k3_p1", deconv(f, 3, 3).padding(1, 1).build())
			.add("k3_p1x0_s2", deconv(f, 3, 3).padding(1, 0).stride(2, 2).build())
			.add("dilated", dilated.build())
			.add("strict_k3_s2", deconv(f, 3, 3).stride(2, 2).convolutionMode(Strict).build())
			.add("same_k3", deconv(f, 3, 3).convolutionMode(Same).build())
			.add("same_k3_s2", deconv(f, 3, 3).stride(2, 2).convolutionMode(Same).build())
			.add("same_k2x5_s2", deconv(f, 2, 5).stride(2, 2).convolutionMode(Same).build())
			.add("same_k4_s3", deconv(f, 4, 4).stride(3, 3).convolutionMode(Same).build())
			.add("same_k2_s3", deconv(f, 2, 2).stride(3, 3).convolutionMode(Same).build())
			.add("nobias", nobias.build())
			.add("relu", relu.build())
			.add("wide", wide.build())
			.add("wide_next", deconv(f, 2, 2).build(), "wide")
			.write();
	}

	private static void cells(Write out, String name, Format f) throws Exception {
		new Branches(out, name).input("in", f.image(4, 6, 3))
			.add("x", new ScaleVertex(1), "in")
			.add("crop", f.on(new Cropping2D.Builder(1, 0, 2, 1)).build())
			.add("crop_1", f.on(new Cropping2D.Builder(1, 1)).build())
			.add("up_2", f.on(new Upsampling2D.Builder(2)).build())
			.add("up_3x1", f.on(new Upsampling2D.Builder().size(new int[] { 3, 1 }))
					.build())
			.add("depth_2", f.on(new SpaceToDepthLayer.Builder<>(2)).build())
			.add("batch", f.on(new SpaceToBatchLayer.Builder<>(new int[] { 2, 3 }))
					.build())
			.add("batch_padded", f.on(new SpaceToBatchLayer.Builder<>(new int[] { 2, 3 },
					new int[][] { { 1, 1 }, { 2, 1 } })).build())
			.add("loss_softmax", f.on(new CnnLossLayer.Builder(LossFunction.MCXENT))
					.activation(Activation.SOFTMAX).build(), "x")
			.add("loss_sigmoid", f.on(new CnnLossLayer.Builder(LossFunction.XENT))
					.activation(Activation.SIGMOID).build(), "x")
			.write();
	}

	private static LocalResponseNormalization.Builder norm(Format format) {
		return format.on(new LocalResponseNormalization.Builder());
	}

	private static void lrn(Write out, String name, Format f) throws Exception {
		new Branches(out, name).input("in", f.image(2, 3, 9))
			.add("default", norm(f).build())
			.add("strong", norm(f).alpha(.5).build())
			.add("n3", norm(f).n(3).alpha(.5).beta(.5).k(1).build())
			.add("n4", norm(f).n(4).alpha(.5).build())
			.add("n1", norm(f).n(1).alpha(.5).build())
			.add("n20", norm(f).n(20).alpha(.1).build())
			.add("beta1_k1.5", norm(f).k(1.5).alpha(.3).beta(1).build())
			.write();
	}

	private static LocallyConnected2D.Builder local(Format format, int... kernel) {
		return format.on(new LocallyConnected2D.Builder().kernelSize(kernel).nIn(2).nOut(2))
				.convolutionMode(Truncate).activation(Activation.IDENTITY);
	}

	private static void locally(Write out, String name, Format f) throws Exception {
		Branches b = new Branches(out, name)
				.input("oblong", f.image(4, 5, 2))
				.input("square", f.image(4, 4, 2));

		for (String in : new String[] { "oblong", "square" })
			b.add(in + "_k1", local(f, 1, 1).build(), in)
				.add(in + "_k2", local(f, 2, 2).build(), in)
				.add(in + "_k1x2", local(f, 1, 2).build(), in)
				.add(in + "_k3x2", local(f, 3, 2).build(), in)
				.add(in + "_k2_s2", local(f, 2, 2).stride(2, 2).build(), in)
				.add(in + "_k3_p1", local(f, 3, 3).padding(1, 1).build(), in)
				.add(in + "_k2_d2", local(f, 2, 2).dilation(2, 2).build(), in)
				.add(in + "_same_k3", local(f, 3, 3).convolutionMode(Same).build(), in)
				.add(in + "_same_k2_s2", local(f, 2, 2).stride(2, 2).convolutionMode(Same)
						.build(), in)
				.add(in + "_nobias", local(f, 2, 2).hasBias(false).build(), in)
				.add(in + "_tanh", local(f, 2, 2).activation(Activation.TANH).build(), in)
				.add(in + "_softmax", local(f, 2, 2).activation(Activation.SOFTMAX).build(), in);
		b.write();
	}

	/** As releases before beta7 compute them; only the pooling tells beta4 and beta5 from beta6. */
	private static void windows(Write out, String name) throws Exception {
		if (out.writes("m2.1") || out.writes("beta7"))
			return;
		Deconvolution2D.Builder dilated = deconv(FIRST, 3, 2).stride(2, 1);

		dilated.dilation(2, 3);
		new Branches(out, name).input("in", FIRST.image(7, 6, 2))
			.add("max", new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).build())
			.add("max_d2", new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(3, 2)
				.stride(1, 1).dilation(2, 3).build())
			.add("avg_same_d2", new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(2, 3)
				.stride(1, 1).dilation(3, 2).convolutionMode(Same).build())
			.add("conv_d2", new ConvolutionLayer.Builder(3, 3).nOut(2).dilation(2, 2).build())
			.add("conv_same_d2", new ConvolutionLayer.Builder(3, 3).nOut(2).dilation(2, 2)
				.convolutionMode(Same).build())
			.add("conv_same_d3x2_s2", new ConvolutionLayer.Builder(2, 3).nOut(2).dilation(3, 2)
				.stride(2, 2).convolutionMode(Same).build())
			.add("deconv_s2", deconv(FIRST, 2, 2).stride(2, 2).build())
			.add("deconv_same", deconv(FIRST, 3, 2).convolutionMode(Same).build())
			.add("deconv_same_s2", deconv(FIRST, 2, 2).stride(2, 2).convolutionMode(Same).build())
			.add("deconv_same_k3x5_s2", deconv(FIRST, 3, 5).stride(2, 2).convolutionMode(Same)
				.build())
			.add("deconv_same_s3", deconv(FIRST, 2, 2).stride(3, 3).convolutionMode(Same).build())
			.add("deconv_same_dilated", dilated.convolutionMode(Same).build())
			.write();
	}

	/* PReLU */

	private static PReLULayer alone(long... shape) {
		return new PReLULayer.Builder().inputShape(shape).build();
	}

	private static PReLULayer shared(long[] axes, long... shape) {
		return new PReLULayer.Builder().inputShape(shape).sharedAxes(axes).build();
	}

	/** In place: behind a vertex, so that the next branch finds its input as it was. */
	private static void prelu(Write out, String name) throws Exception {
		long[] hw = { 2, 3 };
		long[] c = { 1 };
		long[] w = { 3 };

		new Branches(out, name).input("image", InputType.convolutional(3, 4, 2))
			.input("row", InputType.feedForward(5)).input("series", series(FIRST))
			.add("x", new ScaleVertex(1), "image")
			.add("y", new ScaleVertex(1), "row")
			.add("z", new ScaleVertex(1), "series")
			.add("full", alone(2, 3, 4), "x")
			.add("per_channel", shared(hw, 2, 3, 4), "x")
			.add("shared_channels", shared(c, 2, 3, 4), "x")
			.add("shared_columns", shared(w, 2, 3, 4), "x")
			.add("row_full", alone(5), "y")
			.add("series_full", alone(3, 9), "z")
			.add("series_shared", shared(new long[] { 2 }, 3, 9), "z")
			.write();
	}
}
