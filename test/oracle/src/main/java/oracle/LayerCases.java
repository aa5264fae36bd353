/* SPDX-License-Identifier: Apache-2.0 */
/* One case a layer or vertex, its options as branches. Images are 3 x 7 x 6 (C, H, W): odd and
 * even, and not square. */
package oracle;

import static oracle.Format.FIRST;
import static oracle.Format.LAST;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Same;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Strict;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Truncate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class LayerCases {
	private LayerCases() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("convolution", (o, n) -> convolution(o, n, FIRST));
		cases.put("convolution-nhwc", (o, n) -> convolution(o, n, LAST));
		cases.put("separable", (o, n) -> separable(o, n, FIRST));
		cases.put("separable-nhwc", (o, n) -> separable(o, n, LAST));
		cases.put("depthwise", (o, n) -> depthwise(o, n, FIRST));
		cases.put("depthwise-nhwc", (o, n) -> depthwise(o, n, LAST));
		cases.put("dilated", (o, n) -> dilated(o, n, FIRST));
		cases.put("dilated-nhwc", (o, n) -> dilated(o, n, LAST));
		cases.put("batchnorm", (o, n) -> batchnorm(o, n, image(FIRST)));
		cases.put("batchnorm-nhwc", (o, n) -> batchnorm(o, n, image(LAST)));
		cases.put("batchnorm-row", (o, n) -> batchnorm(o, n, InputType.feedForward(5)));
		cases.put("activations", LayerCases::activations);
		cases.put("pooling", (o, n) -> pooling(o, n, FIRST));
		cases.put("pooling-nhwc", (o, n) -> pooling(o, n, LAST));
		cases.put("overhang", LayerCases::overhang);
		cases.put("globalpooling", (o, n) -> globalpooling(o, n, FIRST));
		cases.put("globalpooling-nhwc", (o, n) -> globalpooling(o, n, LAST));
		cases.put("dense", LayerCases::dense);
		cases.put("flatten", (o, n) -> flatten(o, n, FIRST));
		cases.put("flatten-nhwc", (o, n) -> flatten(o, n, LAST));
		cases.put("unflatten", LayerCases::unflatten);
		cases.put("zeropadding", (o, n) -> zeropadding(o, n, FIRST));
		cases.put("zeropadding-nhwc", (o, n) -> zeropadding(o, n, LAST));
		cases.put("elementwise", LayerCases::elementwise);
		cases.put("broadcast", LayerCases::broadcast);
		cases.put("merge", (o, n) -> merge(o, n, FIRST));
		cases.put("merge-nhwc", (o, n) -> merge(o, n, LAST));
	}

	static InputType image(Format format) {
		return format.image(7, 6, 3);
	}

	/* Convolutions */

	private static ConvolutionLayer.Builder conv(int... kernel) {
		return new ConvolutionLayer.Builder(kernel).nOut(2);
	}

	private static void convolution(Write out, String name, Format format) throws Exception {
		ConvolutionLayer padded = conv(3, 3).convolutionMode(Same).build();

		padded.setPadding(new int[] { 1, 1 });	/* the builder refuses this, zips have it */
		new Branches(out, name).input("in", image(format))
			.add("k1", conv(1, 1).build())
			.add("k3", conv(3, 3).build())
			.add("k2x3", conv(2, 3).build())
			.add("k5x1", conv(5, 1).build())
			.add("k3_s2", conv(3, 3).stride(2, 2).build())
			.add("k3_s2x1", conv(3, 3).stride(2, 1).build())
			.add("k2_s3", conv(2, 2).stride(3, 3).build())
			.add("k3_d2", conv(3, 3).dilation(2, 2).build())
			.add("k2x3_d3x1", conv(2, 3).dilation(3, 1).build())
			.add("k3_p1", conv(3, 3).padding(1, 1).build())
			.add("k3_p2x1_s2", conv(3, 3).padding(2, 1).stride(2, 2).build())
			.add("strict_k3", conv(3, 3).convolutionMode(Strict).build())
			.add("strict_k3x2_s2", conv(3, 2).stride(2, 2).convolutionMode(Strict).build())
			.add("same_k3", conv(3, 3).convolutionMode(Same).build())
			.add("same_k2x3", conv(2, 3).convolutionMode(Same).build())
			.add("same_k5x1", conv(5, 1).convolutionMode(Same).build())
			.add("same_s2", conv(3, 3).stride(2, 2).convolutionMode(Same).build())
			.add("same_s2_k2", conv(2, 2).stride(2, 2).convolutionMode(Same).build())
			.add("same_s3", conv(3, 3).stride(3, 3).convolutionMode(Same).build())
			.add("same_k1_s2", conv(1, 1).stride(2, 2).convolutionMode(Same).build())
			.add("same_d2", conv(3, 3).dilation(2, 2).convolutionMode(Same).build())
			.add("same_padding_ignored", padded)
			.add("nobias", conv(3, 3).hasBias(false).build())
			.add("nobias_same_relu", conv(3, 3).hasBias(false).convolutionMode(Same)
					.activation(Activation.RELU).build())
			.add("relu", conv(3, 3).activation(Activation.RELU).build())
			.add("leakyrelu", conv(3, 3).activation(Activation.LEAKYRELU).build())
			.add("tanh", conv(2, 2).activation(Activation.TANH).build())
			.add("sigmoid", conv(2, 2).activation(Activation.SIGMOID).build())
			.add("softmax", conv(2, 2).activation(Activation.SOFTMAX).build())
			.add("wide", conv(3, 3).nOut(19).stride(2, 2).build())
			.add("wide_next", conv(2, 2).nOut(17).build(), "wide")
			.write();
	}

	private static SeparableConvolution2D.Builder separable(int... kernel) {
		return new SeparableConvolution2D.Builder(kernel).nOut(4);
	}

	private static void separable(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("in", image(format))
			.add("k3", separable(3, 3).build())
			.add("k1", separable(1, 1).build())
			.add("k2x3", separable(2, 3).build())
			.add("m2", separable(3, 3).depthMultiplier(2).build())
			.add("m3_k5x1", separable(5, 1).depthMultiplier(3).build())
			.add("s2", separable(3, 3).stride(2, 2).build())
			.add("s2x1_m2", separable(3, 2).stride(2, 1).depthMultiplier(2).build())
			.add("p1", separable(3, 3).padding(1, 1).build())
			.add("strict_k3", separable(3, 3).convolutionMode(Strict).build())
			.add("same", separable(3, 3).convolutionMode(Same).build())
			.add("same_k2", separable(2, 2).convolutionMode(Same).build())
			.add("same_s2_m2", separable(3, 3).stride(2, 2).depthMultiplier(2)
					.convolutionMode(Same).build())
			.add("nobias", separable(3, 3).hasBias(false).build())
			.add("nobias_same_relu", separable(3, 3).hasBias(false).convolutionMode(Same)
					.activation(Activation.RELU).build())
			.add("tanh", separable(3, 3).activation(Activation.TANH).build())
			.add("wide", separable(3, 3).nOut(18).depthMultiplier(6).build())
			.write();
	}

	private static DepthwiseConvolution2D.Builder depthwise(int multiplier, int... kernel) {
		return new DepthwiseConvolution2D.Builder(kernel)
				.depthMultiplier(multiplier).nOut(3 * multiplier);
	}

	private static void depthwise(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("in", image(format))
			.add("k3", depthwise(1, 3, 3).build())
			.add("k1", depthwise(1, 1, 1).build())
			.add("k2x3", depthwise(1, 2, 3).build())
			.add("m2", depthwise(2, 3, 3).build())
			.add("m3_k5x1", depthwise(3, 5, 1).build())
			.add("s2", depthwise(1, 3, 3).stride(2, 2).build())
			.add("s2x1_m2", depthwise(2, 3, 2).stride(2, 1).build())
			.add("p1", depthwise(1, 3, 3).padding(1, 1).build())
			.add("strict_k3", depthwise(1, 3, 3).convolutionMode(Strict).build())
			.add("same", depthwise(1, 3, 3).convolutionMode(Same).build())
			.add("same_k2", depthwise(1, 2, 2).convolutionMode(Same).build())
			.add("same_s2_m2", depthwise(2, 3, 3).stride(2, 2).convolutionMode(Same).build())
			.add("nobias", depthwise(1, 3, 3).hasBias(false).build())
			.add("nobias_same_relu", depthwise(2, 3, 3).hasBias(false).convolutionMode(Same)
					.activation(Activation.RELU).build())
			.add("tanh", depthwise(1, 3, 3).activation(Activation.TANH).build())
			.add("wide", depthwise(6, 3, 3).build())
			.write();
	}

	/** M2.1 computes these only without its own oneDNN helpers. */
	private static void dilated(Write out, String name, Format format) throws Exception {
		Moved.withoutHelpers(() -> new Branches(out, name).input("in", image(format))
				.add("depthwise", depthwise(1, 3, 3).dilation(2, 2).build())
				.add("depthwise_m2_same", depthwise(2, 3, 2).dilation(2, 3)
						.convolutionMode(Same).build())
				.add("separable", separable(3, 3).dilation(2, 2).build())
				.add("separable_m2_same", separable(3, 2).dilation(2, 3).depthMultiplier(2)
						.convolutionMode(Same).build())
				.add("max", pool(PoolingType.MAX, 3, 2).dilation(2, 2).build())
				.add("max_same", pool(PoolingType.MAX, 2, 3).dilation(3, 2)
						.convolutionMode(Same).build())
				.add("avg", pool(PoolingType.AVG, 3, 2).dilation(2, 2).build())
				.write());
	}

	/* Batch normalization */

	static BatchNormalization.Builder norm(boolean logStd) {
		BatchNormalization.Builder b = new BatchNormalization.Builder();

		try {
			return b.useLogStd(logStd);
		} catch (NoSuchMethodError e) {	/* before beta4 there is the variance only */
			return b;
		}
	}

	private static BatchNormalization locked(double gamma, double beta) {
		return new BatchNormalization.Builder(true).gamma(gamma).beta(beta).build();
	}

	private static void batchnorm(Write out, String name, InputType type) throws Exception {
		new Branches(out, name).input("in", type)
			.add("var", norm(false).build())
			.add("logstd", norm(true).build())
			.add("var_eps", norm(false).eps(0.3).build())
			.add("logstd_eps", norm(true).eps(1e-3).build())
			.add("lock_1_0", locked(1, 0))
			.add("lock_2_0", locked(2, 0))
			.add("lock_1_.5", locked(1, .5))
			.add("lock_2_.5", locked(2, .5))
			.add("activation_ignored", norm(false).activation(Activation.RELU).build())
			.add("twice", norm(true).build(), "var")
			.write();
	}

	/* Activations */

	private static Map<String, IActivation> functions() {
		Map<String, IActivation> f = new LinkedHashMap<>();

		for (Activation a : Activation.values())
			f.put(a.name().toLowerCase(), a.getActivationFunction());
		f.put("elu_.3", new ActivationELU(.3));
		f.put("leakyrelu_.3", new ActivationLReLU(.3));
		f.put("leakyrelu_-.5", new ActivationLReLU(-.5));
		try {
			f.put("relu_max4", new ActivationReLU(4., null, null));
			f.put("relu_threshold1", new ActivationReLU(null, 1., null));
			f.put("relu_threshold-1", new ActivationReLU(null, -1., null));
			f.put("relu_slope.2", new ActivationReLU(null, null, .2));
			f.put("relu_max5_threshold1", new ActivationReLU(5., 1., null));
			f.put("relu_max5_slope.1", new ActivationReLU(5., null, .1));
			f.put("relu_threshold2_slope.1", new ActivationReLU(null, 2., .1));
			f.put("relu_max5_threshold2_slope.1", new ActivationReLU(5., 2., .1));
			f.put("thresholdedrelu_.2", new ActivationThresholdedReLU(.2));
			f.put("rrelu_.1_.5", new ActivationRReLU(.1, .5));
			f.put("gelu_precise", new ActivationGELU(true));
		} catch (LinkageError e) {	/* before beta7 some of these are unknown */
			return f;
		}
		return f;
	}

	/** From -6 to 8, with the points where a function bends or a comparison may be strict. */
	private static INDArray wide(String stream, long... shape) {
		float[] points = { 0, 1, -1, 6, -6, 8, 5, 4, 2, .2f, -.2f, 2.5f, -2.5f };
		INDArray a = Fill.array(stream, -6, 8, shape);

		for (int i = 0; i < points.length && i < a.length(); i++)
			a.putScalar(i, points[i]);
		return a;
	}

	/** Directly on an input, which is in no workspace, each would overwrite it for the next. */
	private static void activations(Write out, String name) throws Exception {
		Branches b = new Branches(out, name)
				.input("row", InputType.feedForward(7), wide("row", Write.BATCH, 7))
				.input("image", InputType.convolutional(3, 4, 2),
						wide("image", Write.BATCH, 2, 3, 4))
				.add("x", new ScaleVertex(1), "row")
				.add("y", new ScaleVertex(1), "image");

		functions().forEach((f, act) -> {
			b.add("row_" + f, new ActivationLayer(act), "x");
			b.add("image_" + f, new ActivationLayer(act), "y");
			b.add("dense_" + f, new DenseLayer.Builder().nOut(3).activation(act).build(), "x");
		});
		b.write();
	}

	/* Pooling */

	private static SubsamplingLayer.Builder pool(PoolingType type, int... kernel) {
		SubsamplingLayer.Builder b = new SubsamplingLayer.Builder(type).kernelSize(kernel)
				.stride(1, 1).convolutionMode(Truncate);

		return type == PoolingType.PNORM ? b.pnorm(2) : b;
	}

	private static void pooling(Write out, String name, Format format) throws Exception {
		Branches b = new Branches(out, name).input("in", image(format))
				.add("negative", new ShiftVertex(-3), "in");

		for (PoolingType type : PoolingType.values()) {
			String t = type.name().toLowerCase();
			b.add(t + "_k2_s2", pool(type, 2, 2).stride(2, 2).build())
				.add(t + "_k3", pool(type, 3, 3).build())
				.add(t + "_k3x2_s2x1", pool(type, 3, 2).stride(2, 1).build())
				.add(t + "_strict_k3x2_s2", pool(type, 3, 2).stride(2, 2)
						.convolutionMode(Strict).build())
				.add(t + "_k3_p1", pool(type, 3, 3).padding(1, 1).build(), "negative")
				.add(t + "_k3_p1_s2", pool(type, 3, 3).padding(1, 1).stride(2, 2).build())
				.add(t + "_same_k2", pool(type, 2, 2).convolutionMode(Same).build(), "negative")
				.add(t + "_same_k3_s2", pool(type, 3, 3).stride(2, 2)
						.convolutionMode(Same).build(), "negative");
		}
		b.addNewer("avg_p1_counted", () -> pool(PoolingType.AVG, 3, 3).padding(1, 1)
				.avgPoolIncludePadInDivisor(true).build())
			.addNewer("avg_p1x2_s2_counted", () -> pool(PoolingType.AVG, 3, 4).padding(1, 2).stride(2, 2)
				.avgPoolIncludePadInDivisor(true).build())
			.addNewer("avg_same_counted", () -> pool(PoolingType.AVG, 3, 3).stride(2, 2)
				.avgPoolIncludePadInDivisor(true).convolutionMode(Same).build())
			.add("pnorm1", pool(PoolingType.PNORM, 2, 2).pnorm(1).build())
			.add("pnorm3_same", pool(PoolingType.PNORM, 3, 3).stride(2, 2).pnorm(3)
				.convolutionMode(Same).build());
		b.write();
	}

	/* Windows larger than the image, where Java's division leaves one of them. */
	private static void overhang(Write out, String name) throws Exception {
		Branches b = new Branches(out, name).input("in", InputType.convolutional(2, 4, 3))
				.add("negative", new ShiftVertex(-3), "in");

		for (PoolingType type : PoolingType.values()) {
			String t = type.name().toLowerCase();
			b.add(t + "_k3_s2", pool(type, 3, 3).stride(2, 2).build(), "negative")
				.add(t + "_k4x2_s3x2", pool(type, 4, 2).stride(3, 2).build())
				.add(t + "_k5_p1_s2", pool(type, 5, 5).padding(1, 1).stride(2, 2).build());
		}
		b.addNewer("avg_k3_s2_counted", () -> pool(PoolingType.AVG, 3, 3).stride(2, 2)
				.avgPoolIncludePadInDivisor(true).build())
			.write();
	}

	private static void globalpooling(Write out, String name, Format format)
			throws Exception {
		Branches b = new Branches(out, name).input("in", image(format));

		for (PoolingType type : PoolingType.values()) {
			String t = type.name().toLowerCase();
			b.add(t, new GlobalPoolingLayer.Builder(type).build())
				.add(t + "_kept", new GlobalPoolingLayer.Builder(type)
						.collapseDimensions(false).build());
		}
		b.add("pnorm1", new GlobalPoolingLayer.Builder(PoolingType.PNORM).pnorm(1).build())
			.add("pnorm3", new GlobalPoolingLayer.Builder(PoolingType.PNORM).pnorm(3).build())
			.write();
	}

	/* Feed-forward layers */

	private static DenseLayer.Builder dense() {
		return new DenseLayer.Builder().nOut(4);
	}

	private static OutputLayer.Builder output(LossFunction loss, Activation act) {
		return new OutputLayer.Builder(loss).nOut(4).activation(act);
	}

	private static void dense(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.feedForward(6))
			.input("other in", InputType.feedForward(3))
			.add("bias", dense().build())
			.add("nobias", dense().hasBias(false).build())
			.add("relu", dense().activation(Activation.RELU).build())
			.addNewer("layernorm", () -> dense().hasLayerNorm(true).build())
			.addNewer("layernorm_nobias", () -> dense().hasLayerNorm(true).hasBias(false)
					.activation(Activation.TANH).build())
			.add("dropout_before", dense().dropOut(0.5).build())
			.add("wide", dense().nOut(37).build(), "other in")
			.add("one", dense().nOut(1).build())
			.add("dropout", new DropoutLayer.Builder(0.5).build())
			.add("dropout_then", dense().build(), "dropout")
			.add("loss_softmax", new LossLayer.Builder(LossFunction.MCXENT)
					.activation(Activation.SOFTMAX).build(), "nobias")
			.add("loss_identity", new LossLayer.Builder(LossFunction.MSE)
					.activation(Activation.IDENTITY).build(), "relu")
			.add("out_softmax", output(LossFunction.MCXENT, Activation.SOFTMAX).build())
			.add("out_sigmoid", output(LossFunction.XENT, Activation.SIGMOID).build())
			.add("out_identity", output(LossFunction.MSE, Activation.IDENTITY).build())
			.add("out_nobias", output(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX)
					.hasBias(false).build())
			.add("out_two_inputs", output(LossFunction.MCXENT, Activation.SOFTMAX).build(),
					"bias", "other in")
			.write();
	}

	private static void flatten(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("image", format.image(3, 4, 2))
			.add("dense", dense().build())
			.add("out", output(LossFunction.MCXENT, Activation.SOFTMAX).build())
			.add("conv", conv(2, 2).build())
			.add("dense_conv", dense().build(), "conv")
			.write();
	}

	private static void unflatten(Write out, String name) throws Exception {
		new Branches(out, name).input("row", InputType.feedForward(24))
			.add("conv", conv(2, 2).build(), new FeedForwardToCnnPreProcessor(3, 4, 2))
			.add("max", pool(PoolingType.MAX, 2, 2).build(),
				new FeedForwardToCnnPreProcessor(4, 3, 2))
			.add("dense", dense().build(), "conv")
			.write();
	}

	/* Padding and vertices */

	private static void zeropadding(Write out, String name, Format format)
			throws Exception {
		new Branches(out, name).input("in", format.image(3, 4, 2))
			.add("all_1", format.on(new ZeroPaddingLayer.Builder(1, 1)).build())
			.add("h2_w1", format.on(new ZeroPaddingLayer.Builder(2, 1)).build())
			.add("sides", format.on(new ZeroPaddingLayer.Builder(1, 2, 3, 4)).build())
			.add("bottom_right", format.on(new ZeroPaddingLayer.Builder(0, 1, 0, 1))
					.build())
			.add("none", format.on(new ZeroPaddingLayer.Builder(0, 0, 0, 0)).build())
			.add("then_conv", conv(3, 3).stride(2, 2).build(), "sides")
			.write();
	}

	private static void elementwise(Write out, String name) throws Exception {
		Branches b = new Branches(out, name)
				.input("image0", InputType.convolutional(3, 4, 2))
				.input("image1", InputType.convolutional(3, 4, 2))
				.input("image2", InputType.convolutional(3, 4, 2))
				.input("row0", InputType.feedForward(5)).input("row1", InputType.feedForward(5))
				.input("row2", InputType.feedForward(5));

		for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values())
			for (String in : new String[] { "image", "row" }) {
				String v = op.name().toLowerCase() + "_" + in;
				b.add(v + "_1", new ElementWiseVertex(op), in + 0)
					.add(v + "_2", new ElementWiseVertex(op), in + 0, in + 1)
					.add(v + "_3", new ElementWiseVertex(op), in + 0, in + 1, in + 2)
					.add(v + "_twice", new ElementWiseVertex(op), in + 1, in + 1);
			}
		b.write();
	}

	/** Sizes of 1 stretch, as in a squeeze-and-excitation block. */
	private static void broadcast(Write out, String name) throws Exception {
		Branches b = new Branches(out, name).withoutInference()
				.input("image", InputType.convolutional(3, 4, 2))
				.input("pixel", InputType.convolutional(1, 1, 2))
				.input("column", InputType.convolutional(3, 1, 2))
				.input("plane", InputType.convolutional(3, 4, 1))
				.input("row", InputType.feedForward(5)).input("number", InputType.feedForward(1));

		for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values())
			for (String small : new String[] { "pixel", "column", "plane" }) {
				String v = op.name().toLowerCase() + "_image_" + small;
				b.add(v, new ElementWiseVertex(op), "image", small)
					.add(v + "_turned", new ElementWiseVertex(op), small, "image");
			}
		b.add("product_row_number", new ElementWiseVertex(ElementWiseVertex.Op.Product),
				"row", "number")
			.add("add_both_stretch", new ElementWiseVertex(ElementWiseVertex.Op.Add),
				"column", "plane")
			.add("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG)
				.collapseDimensions(false).build(), "image")
			.add("scaled", new ElementWiseVertex(ElementWiseVertex.Op.Product), "image", "mean");
		b.write();
	}

	private static void merge(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("image0", format.image(3, 4, 2))
			.input("image1", format.image(3, 4, 3))
			.input("row0", InputType.feedForward(5)).input("row1", InputType.feedForward(2))
			.add("image_1", new MergeVertex(), "image0")
			.add("image_2", new MergeVertex(), "image0", "image1")
			.add("image_3", new MergeVertex(), "image1", "image0", "image1")
			.add("row_2", new MergeVertex(), "row0", "row1")
			.add("row_3", new MergeVertex(), "row1", "row0", "row1")
			.add("implicit", dense().build(), "row0", "row1")
			.write();
	}
}
