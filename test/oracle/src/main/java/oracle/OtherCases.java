/* SPDX-License-Identifier: Apache-2.0 */
/* Layers, vertices and preprocessors off the beaten track. Where a release's shape inference is at
 * odds with what it computes, the case has its sizes agree, or goes without inference. */
package oracle;

import static oracle.Format.FIRST;
import static oracle.Format.LAST;

import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.ExponentialReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

final class OtherCases {
	private OtherCases() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("separable-gray", (o, n) -> gray(o, n, FIRST));
		cases.put("separable-gray-nhwc", (o, n) -> gray(o, n, LAST));
		cases.put("vae", OtherCases::vae);
		cases.put("other-outputs", OtherCases::outputs);
		cases.put("yolo2", (o, n) -> yolo2(o, n, FIRST));
		cases.put("yolo2-nhwc", (o, n) -> yolo2(o, n, LAST));
		cases.put("capsules", OtherCases::capsules);
		cases.put("other-vertices-row", OtherCases::row);
		cases.put("other-vertices-series", OtherCases::series);
		cases.put("other-vertices", (o, n) -> picture(o, n, FIRST));
		cases.put("other-vertices-nhwc", (o, n) -> picture(o, n, LAST));
		cases.put("stack", OtherCases::stack);
		cases.put("stack-lengths", OtherCases::stackLengths);
		cases.put("keras-preprocessors", OtherCases::preprocessors);
		cases.put("keras-preprocessors-series", OtherCases::seriesPreprocessors);
		cases.put("volume-preprocessors", OtherCases::volumes);
	}

	/** For one channel DL4J leaves the pointwise convolution out, and throws where nOut differs. */
	private static void gray(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("in", format.image(5, 6, 1))
			.add("one", new SeparableConvolution2D.Builder(2, 3).nOut(1).build())
			.add("two", new SeparableConvolution2D.Builder(3, 3).nOut(2).depthMultiplier(2)
					.stride(2, 1).activation(Activation.TANH).build())
			.add("same", new SeparableConvolution2D.Builder(3, 2).nOut(3).depthMultiplier(3)
					.stride(2, 2).convolutionMode(ConvolutionMode.Same).hasBias(false).build())
			.add("other_nout", new SeparableConvolution2D.Builder(3, 3).nOut(4).build())
			.add("then", new SeparableConvolution2D.Builder(2, 2).nOut(2).build(), "two")
			.write();
	}

	private static VariationalAutoencoder.Builder encoder(ReconstructionDistribution d) {
		return new VariationalAutoencoder.Builder().nOut(2).encoderLayerSizes(4, 3)
				.decoderLayerSizes(6).reconstructionDistribution(d)
				.activation(Activation.TANH).pzxActivationFunction(Activation.SIGMOID);
	}

	private static void vae(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.feedForward(5))
			.add("gaussian", encoder(new GaussianReconstructionDistribution(Activation.TANH)).build())
			.add("bernoulli", encoder(new BernoulliReconstructionDistribution()).build())
			.add("exponential", encoder(new ExponentialReconstructionDistribution()).build())
			.add("loss", encoder(new LossFunctionWrapper(Activation.TANH, new LossMSE())).build())
			.add("deep", encoder(new GaussianReconstructionDistribution(Activation.IDENTITY))
					.encoderLayerSizes(7, 6, 5, 4).decoderLayerSizes(2, 3, 4)
					.activation(Activation.RELU).build())
			.add("identity", encoder(new BernoulliReconstructionDistribution())
					.pzxActivationFunction(Activation.IDENTITY).build())
			.add("then", new DenseLayer.Builder().nOut(3).build(), "gaussian")
			.write();
	}

	private static void outputs(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.feedForward(5))
			.add("centerloss", new CenterLossOutputLayer.Builder(LossFunction.MCXENT).nOut(3)
					.activation(Activation.SOFTMAX).build())
			.add("autoencoder", new AutoEncoder.Builder().nOut(3).activation(Activation.SIGMOID)
					.build())
			.add("then", new DenseLayer.Builder().nOut(2).build(), "autoencoder")
			.add("multiply", new ElementWiseMultiplicationLayer.Builder().nOut(5)
					.activation(Activation.TANH).build())
			.add("multiply_plain", new ElementWiseMultiplicationLayer.Builder().nOut(5).build())
			.add("ocnn", new OCNNOutputLayer.Builder().hiddenLayerSize(4)
					.activation(new ActivationSigmoid()).build())
			.add("ocnn_tanh", new OCNNOutputLayer.Builder().hiddenLayerSize(3)
					.activation(new ActivationTanH()).build())
			.write();
	}

	private static void yolo2(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("in", format.image(3, 2, 14))
			.add("two", new Yolo2OutputLayer.Builder()
					.boundingBoxPriors(Nd4j.create(new float[][] { { 1, 2 }, { 3, 4 } }))
					.build())
			.add("conv", new ConvolutionLayer.Builder(1, 1).nOut(21).build())
			.add("three", new Yolo2OutputLayer.Builder().boundingBoxPriors(Nd4j.create(
					new float[][] { { 0.5f, 2.5f }, { 3.25f, 1 }, { 1.5f, 0.75f } })).build(), "conv")
			.write();
	}

	private static void capsules(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.convolutional(6, 5, 2))
			.add("primary", new PrimaryCapsules.Builder(3, 2).kernelSize(2, 3).stride(2, 1).build())
			.add("same", new PrimaryCapsules.Builder(2, 2).kernelSize(3, 2).stride(2, 2)
					.convolutionMode(ConvolutionMode.Same).hasBias(false).build())
			.add("padded", new PrimaryCapsules.Builder(2, 1).kernelSize(3, 3).stride(3, 3)
					.padding(1, 1).useReLU().build())
			.add("leaky", new PrimaryCapsules.Builder(2, 1).kernelSize(2, 2).stride(2, 2)
					.useLeakyReLU(0.1).build())
			.add("capsules", new CapsuleLayer.Builder(3, 4, 3).build(), "primary")
			.add("once", new CapsuleLayer.Builder(2, 3, 1).build(), "primary")
			.add("biased", new CapsuleLayer.Builder(2, 3, 2).hasBias(true).build(), "same")
			.add("strength", new CapsuleStrengthLayer.Builder().build(), "capsules")
			.add("then", new DenseLayer.Builder().nOut(2).build(), "strength")
			.write();
	}

	/** DL4J's own clone() forgets the order. */
	private static ReshapeVertex reshapeF(int... to) {
		return new ReshapeVertex('f', to, null) {
			@Override
			public ReshapeVertex clone() {
				return new ReshapeVertex('f', to, null);
			}
		};
	}

	private static void row(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.feedForward(6))
			.input("second", InputType.feedForward(6))
			.add("subset", new SubsetVertex(1, 3))
			.add("one", new SubsetVertex(5, 5))
			.add("all", new SubsetVertex(0, 5))
			.add("frozen", new FrozenVertex(new SubsetVertex(2, 4)))
			.add("dense", new DenseLayer.Builder().nOut(2).build(), "subset")
			.add("distance", new L2Vertex(), "in", "second")
			.add("normalized", new L2NormalizeVertex())
			.add("large_eps", new L2NormalizeVertex(null, 100))
			.add("axis_1", new L2NormalizeVertex(new int[] { 1 }, 1e-8))
			.add("reshape_f", reshapeF(-1, 3))
			.add("to_series", new ReshapeVertex(-1, 2, 3))
			.add("to_series_f", reshapeF(-1, 2, 3))
			.add("to_picture", new ReshapeVertex(-1, 1, 2, 3))
			.add("to_picture_f", reshapeF(-1, 1, 2, 3))
			.add("frozen_scale", new FrozenVertex(new ScaleVertex(2)))
			.add("frozen_merge", new FrozenVertex(new MergeVertex()), "in", "second")
			.write();
	}

	private static void series(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.recurrent(4, 6))
			.input("second", InputType.recurrent(4, 6))
			.add("subset", new SubsetVertex(1, 2))
			.add("distance", new L2Vertex(), "in", "second")
			.add("normalized", new L2NormalizeVertex())
			.add("axis_1", new L2NormalizeVertex(new int[] { 1 }, 1e-8))
			.add("axis_12", new L2NormalizeVertex(new int[] { 1, 2 }, 1e-8))
			.add("reshape", new ReshapeVertex(-1, 24))
			.add("reshape_f", reshapeF(-1, 24))
			.add("to_picture", new ReshapeVertex(-1, 2, 3, 4))
			.write();
	}

	private static void picture(Write out, String name, Format format) throws Exception {
		new Branches(out, name).input("in", LayerCases.image(format))
			.input("second", LayerCases.image(format))
			.add("one", new SubsetVertex(1, 1))
			.add("then", new ScaleVertex(2), "one")
			.add("distance", new L2Vertex(), "in", "second")
			.add("normalized", new L2NormalizeVertex())
			.add("axes", new L2NormalizeVertex(new int[] { 1, 2, 3 }, 1e-8))
			.add("reshape", new ReshapeVertex(-1, 126))
			.add("reshape_f", reshapeF(-1, 126))
			.add("to_picture", new ReshapeVertex(-1, 7, 3, 6))
			.add("to_series_f", reshapeF(-1, 18, 7))
			.add("poolhelper", new PoolHelperVertex())
			.add("flat", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(7, 6, 3)))
			.add("flat_then", new DenseLayer.Builder().nOut(2).build(), "flat")
			.write();
	}

	private static void stack(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.feedForward(4))
			.input("second", InputType.feedForward(4))
			.input("picture", InputType.convolutional(3, 2, 2))
			.add("stack", new StackVertex(), "in", "second", "in")
			.add("shared", new DenseLayer.Builder().nOut(3).activation(Activation.TANH).build(),
					"stack")
			.add("first", new UnstackVertex(0, 3), "shared")
			.add("last", new UnstackVertex(2, 3), "shared")
			.add("middle", new UnstackVertex(1, 3), "shared")
			.add("distance", new L2Vertex(), "first", "middle")
			.add("alone", new StackVertex(), "in")
			.add("pictures", new StackVertex(), "picture", "picture")
			.add("conv", new ConvolutionLayer.Builder(2, 2).nOut(3)
					.activation(Activation.RELU).build(), "pictures")
			.add("upper", new UnstackVertex(0, 2), "conv")
			.add("lower", new UnstackVertex(1, 2), "conv")
			.add("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "upper", "lower")
			.write();
	}

	/** DL4J infers no shape where series differ in length, yet stacks them. */
	private static void stackLengths(Write out, String name) throws Exception {
		new Branches(out, name).withoutInference()
			.input("in", InputType.recurrent(3, 4)).input("longer", InputType.recurrent(3, 6))
			.add("stack", new StackVertex(), "in", "longer")
			.add("same", new StackVertex(), "in", "in")
			.add("upper", new UnstackVertex(0, 2), "stack")
			.add("lower", new UnstackVertex(1, 2), "stack")
			.write();
	}

	/** The Keras importer's preprocessors moved to another package with M2. */
	private static InputPreProcessor keras(String name, Object... args) throws Exception {
		Class<?> c;

		try {
			c = Class.forName("org.deeplearning4j.preprocessors." + name);
		} catch (ClassNotFoundException e) {
			c = Class.forName("org.deeplearning4j.nn.modelimport.keras.preprocessors." + name);
		}
		for (var made : c.getConstructors())
			if (made.getParameterCount() == args.length)
				return (InputPreProcessor) made.newInstance(args);
		throw new IllegalStateException("no such constructor of " + name);
	}

	private static PreprocessorVertex permute(int... axes) throws Exception {
		return new PreprocessorVertex(keras("PermutePreprocessor", (Object) axes));
	}

	private static PreprocessorVertex reshape(long[] from, long... to) throws Exception {
		return new PreprocessorVertex(keras("ReshapePreprocessor", from, to, false));
	}

	private static void preprocessors(Write out, String name) throws Exception {
		long[] from = { 3, 4, 3 };

		new Branches(out, name).input("in", InputType.convolutional(4, 3, 3))
			.add("transpose", permute(1, 3, 2))
			.add("transpose_all", permute(0, 1, 3, 2))
			.add("to_row", reshape(from, 36))
			.add("to_series", reshape(from, 6, 6))
			.add("to_picture", reshape(from, 2, 3, 6))
			.add("tensorflow", new PreprocessorVertex(
					new TensorFlowCnnToFeedForwardPreProcessor(4, 3, 3)))
			.add("then", new DenseLayer.Builder().nOut(2).build(), "tensorflow")
			.add("before", new DenseLayer.Builder().nOut(2).build(),
					new TensorFlowCnnToFeedForwardPreProcessor(4, 3, 3), "in")
			.write();
	}

	private static void seriesPreprocessors(Write out, String name) throws Exception {
		long[] from = { 4, 6 };

		new Branches(out, name).input("in", InputType.recurrent(4, 6))
			.add("transpose", permute(2, 1))
			.add("to_row", reshape(from, 24))
			.add("flat", new PreprocessorVertex(keras("KerasFlattenRnnPreprocessor", 4L, 6L)))
			.add("flat_then", new DenseLayer.Builder().nOut(2).build(), "flat")
			.write();
	}

	private static void volumes(Write out, String name) throws Exception {
		new Branches(out, name).untyped().input("in", InputType.feedForward(24))
			.add("first", new PreprocessorVertex(new FeedForwardToCnn3DPreProcessor(2, 3, 2, 2, true)))
			.add("last", new PreprocessorVertex(
					new FeedForwardToCnn3DPreProcessor(2, 3, 2, 2, false)))
			.add("flat", new PreprocessorVertex(
					new Cnn3DToFeedForwardPreProcessor(2, 3, 2, 2, true)), "first")
			.add("flat_last", new PreprocessorVertex(
					new Cnn3DToFeedForwardPreProcessor(2, 3, 2, 2, false)), "last")
			.write();
	}
}
