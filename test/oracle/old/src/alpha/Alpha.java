/* SPDX-License-Identifier: Apache-2.0 */
/* What 1.0.0-alpha has and 0.9 has not. */
package oracle;

import static org.deeplearning4j.nn.conf.ConvolutionMode.Same;
import static oracle.Layers.branches;
import static oracle.Layers.conv;
import static oracle.Layers.dense;
import static oracle.Layers.graves;
import static oracle.Layers.output;
import static oracle.Layers.pool;

import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class Alpha {
	private Alpha() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("cells", Alpha::cells);
		cases.put("nobias", Alpha::nobias);
		cases.put("dilated", Alpha::dilated);
		cases.put("deconvolution", Alpha::deconvolution);
		cases.put("separable", Alpha::separable);
		cases.put("wrappers", Alpha::wrappers);
		cases.put("series", Alpha::series);
		cases.put("losses", Alpha::losses);
		cases.put("yolo", Alpha::yolo);
	}

	private static void cells(Write out, String name) throws Exception {
		branches(out, name).input("in", 4, 4, 6)
			.add("conv", conv(1, 1).build())
			.add("upsampled", new Upsampling2D.Builder(2).build())
			.add("depth", new SpaceToDepthLayer.Builder(2, SpaceToDepthLayer.DataFormat.NCHW)
				.build())
			.add("cropped", new Cropping2D.Builder(1, 1).build())
			.add("cropped_sides", new Cropping2D.Builder(1, 0, 2, 1).build())
			.add("order_c", new ReshapeVertex('c', new int[] { -1, 2, 8, 6 }, null))
			.add("order_f", new ReshapeVertex('f', new int[] { -1, 2, 8, 6 }, null))
			.write();
	}

	private static void nobias(Write out, String name) throws Exception {
		branches(out, name).input("image", 3, 5, 4).input("row", 6)
			.given("word", Fill.indices("word", 9), null, 9).withoutInference()
			.add("conv", conv(2, 2).nIn(3).hasBias(false).build())
			.add("dense", dense().nIn(6).hasBias(false).build(), "row")
			.add("out", output(LossFunction.MCXENT, Activation.SOFTMAX).nIn(4).hasBias(false)
				.build(), "dense")
			.add("words", new EmbeddingLayer.Builder().nIn(9).nOut(4).hasBias(false).build(),
				"word")
			.add("words_biased", new EmbeddingLayer.Builder().nIn(9).nOut(4).hasBias(true)
				.build(), "word")
			.write();
	}

	private static void dilated(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 7, 6)
			.add("conv", conv(3, 3).dilation(2, 2).build())
			.add("conv_same", conv(2, 3).dilation(3, 1).convolutionMode(Same).build())
			.add("max", pool(PoolingType.MAX, 3, 2).dilation(2, 2).build())
			.add("avg", pool(PoolingType.AVG, 3, 2).dilation(2, 2).build())
			.write();
	}

	private static void deconvolution(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 3, 4)
			.add("k3", deconv(3, 3).build())
			.add("k2x3", deconv(2, 3).build())
			.add("k3_s2", deconv(3, 3).stride(2, 2).build())
			.add("k3_s2_p1", deconv(3, 3).stride(2, 2).padding(1, 1).build())
			.tryLayer("same_s2", () -> deconv(3, 3).stride(2, 2).convolutionMode(Same).build())
			.add("relu", deconv(2, 2).activation(Activation.RELU).build())
			.add("nobias", deconv(2, 2).hasBias(false).build())
			.write();
	}

	private static Deconvolution2D.Builder deconv(int... kernel) {
		return new Deconvolution2D.Builder(kernel).stride(1, 1).nOut(2);
	}

	private static SeparableConvolution2D.Builder separable(int... kernel) {
		return new SeparableConvolution2D.Builder(kernel).stride(1, 1).nOut(4);
	}

	private static void separable(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 7, 6)
			.add("k3", separable(3, 3).build())
			.add("k2x3", separable(2, 3).build())
			.add("m2", separable(3, 3).depthMultiplier(2).build())
			.add("s2", separable(3, 3).stride(2, 2).build())
			.add("p1", separable(3, 3).padding(1, 1).build())
			.add("same_s2_m2", separable(3, 3).stride(2, 2).depthMultiplier(2)
				.convolutionMode(Same).build())
			.add("nobias", separable(3, 3).hasBias(false).activation(Activation.RELU).build())
			.write();
	}

	private static LSTM lstm() {
		return new LSTM.Builder().nIn(3).nOut(4).activation(Activation.TANH).build();
	}

	private static SimpleRnn simple() {
		return new SimpleRnn.Builder().nIn(3).nOut(4).activation(Activation.TANH).build();
	}

	private static void wrappers(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 3, 5).withoutInference()
			.add("simple", simple())
			.add("last", new LastTimeStep(lstm()))
			.add("last_simple", new LastTimeStep(simple()))
			.add("zeros", new MaskZeroLayer(lstm()))
			.add("mask", new MaskLayer(), "simple");

		for (Bidirectional.Mode mode : Bidirectional.Mode.values())
			b.add("both_" + mode.name().toLowerCase(), new Bidirectional(mode, lstm()));
		b.add("both_graves", new Bidirectional(Bidirectional.Mode.CONCAT,
				graves().nIn(3).build()))
			.add("both_simple", new Bidirectional(Bidirectional.Mode.ADD, simple()))
			.write();
	}

	private static void series(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 5)
			.add("lstm", lstm())
			.add("padded", new ZeroPadding1DLayer.Builder(2, 1).build())
			.add("upsampled", new Upsampling1D.Builder(3).build())
			.add("reversed", new ReverseTimeSeriesVertex())
			.write();
	}

	private static void losses(Write out, String name) throws Exception {
		branches(out, name).input("image", 3, 2, 4).input("series", 3, 5).input("row", 4)
			.add("product", new ElementWiseMultiplicationLayer.Builder().nIn(4).nOut(4)
				.activation(Activation.TANH).build(), "row")
			.add("cnn", new CnnLossLayer.Builder(LossFunction.MCXENT)
				.activation(Activation.SOFTMAX).build())
			.add("cnn_sigmoid", new CnnLossLayer.Builder(LossFunction.XENT)
				.activation(Activation.SIGMOID).build())
			.add("rnn", new RnnLossLayer.Builder(LossFunction.MCXENT)
				.activation(Activation.SOFTMAX).build(), "series")
			.write();
	}

	private static void yolo(Write out, String name) throws Exception {
		INDArray priors = Nd4j.create(new float[] { 1, 2, 3, 1.5f }, new int[] { 2, 2 }, 'c');

		branches(out, name).input("in", 3, 3, 4)
			.add("conv", conv(1, 1).nOut(16).build())
			.add("boxes", new Yolo2OutputLayer.Builder().boundingBoxPriors(priors).build(), "conv")
			.write();
	}
}
