/* SPDX-License-Identifier: Apache-2.0 */
/* 0.8.0 to 1.0.0-alpha: one case a layer or vertex, its options as branches. */
package oracle;

import static org.deeplearning4j.nn.conf.ConvolutionMode.Same;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Strict;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Truncate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.CompositeReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.ExponentialReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.UnitVarianceProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ZeroMeanAndUnitVariancePreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ZeroMeanPrePreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class Layers {
	private Layers() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("convolution", Layers::convolution);
		cases.put("pooling", Layers::pooling);
		cases.put("globalpooling", Layers::globalpooling);
		cases.put("batchnorm", Layers::batchnorm);
		cases.put("batchnorm-row", Layers::batchnormRow);
		cases.put("lrn", Layers::lrn);
		cases.put("activations", Layers::activations);
		cases.put("dense", Layers::dense);
		cases.put("other-outputs", Layers::otherOutputs);
		cases.put("embedding", Layers::embedding);
		cases.put("vae", Layers::vae);
		cases.put("zeropadding", Layers::zeropadding);
		cases.put("flatten", Layers::flatten);
		cases.put("rnn", Layers::rnn);
		cases.put("rnn-masked", Layers::rnnMasked);
		cases.put("rnn-pictures", Layers::rnnPictures);
		cases.put("convolution1d", Layers::convolution1d);
		cases.put("vertices", Layers::vertices);
		cases.put("stack", Layers::stack);
		cases.put("statistics", Layers::statistics);
	}

	static NeuralNetConfiguration.Builder start() {
		return new NeuralNetConfiguration.Builder().seed(1).activation(Activation.IDENTITY);
	}

	static Branches branches(Write out, String name) {
		return new Branches(out, name, Layers::start);
	}

	/* Pictures */

	static ConvolutionLayer.Builder conv(int... kernel) {
		return new ConvolutionLayer.Builder(kernel).stride(1, 1).nOut(2);
	}

	private static void convolution(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 7, 6)
			.add("k1", conv(1, 1).build())
			.add("k3", conv(3, 3).build())
			.add("k2x3", conv(2, 3).build())
			.add("k5x1", conv(5, 1).build())
			.add("k3_s2", conv(3, 3).stride(2, 2).build())
			.add("k3_s2x1", conv(3, 3).stride(2, 1).build())
			.add("k2_s3", conv(2, 2).stride(3, 3).convolutionMode(Truncate).build())
			.add("k3_p1", conv(3, 3).padding(1, 1).build())
			.add("k3_p2x1_s2", conv(3, 3).padding(2, 1).stride(2, 2)
					.convolutionMode(Truncate).build())
			.add("strict_k3", conv(3, 3).convolutionMode(Strict).build())
			.add("strict_k3x2_s2", conv(3, 2).stride(2, 2).convolutionMode(Strict).build())
			.add("same_k3", conv(3, 3).convolutionMode(Same).build())
			.add("same_k2x3", conv(2, 3).convolutionMode(Same).build())
			.add("same_s2", conv(3, 3).stride(2, 2).convolutionMode(Same).build())
			.add("same_s3", conv(3, 3).stride(3, 3).convolutionMode(Same).build())
			.add("same_k1_s2", conv(1, 1).stride(2, 2).convolutionMode(Same).build())
			.add("relu", conv(3, 3).activation(Activation.RELU).build())
			.add("leakyrelu", conv(3, 3).activation(Activation.LEAKYRELU).build())
			.add("tanh", conv(2, 2).activation(Activation.TANH).build())
			.add("softmax", conv(2, 2).activation(Activation.SOFTMAX).build())
			.add("wide", conv(3, 3).nOut(19).stride(2, 2).convolutionMode(Truncate).build())
			.add("wide_next", conv(2, 2).nOut(17).build(), "wide")
			.write();
	}

	/** Less NONE, which pools nothing. */
	private static List<PoolingType> types() {
		return Arrays.stream(PoolingType.values()).filter(t -> !t.name().equals("NONE"))
				.collect(Collectors.toList());
	}

	static SubsamplingLayer.Builder pool(PoolingType type, int... kernel) {
		SubsamplingLayer.Builder b = new SubsamplingLayer.Builder(type).kernelSize(kernel)
				.stride(1, 1).convolutionMode(Truncate);

		return type == PoolingType.PNORM ? b.pnorm(2) : b;
	}

	private static void pooling(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 3, 7, 6)
				.add("negative", conv(1, 1).nOut(3).build());

		for (PoolingType type : types()) {
			String t = type.name().toLowerCase();
			b.add(t + "_k2_s2", pool(type, 2, 2).stride(2, 2).build())
				.add(t + "_k3", pool(type, 3, 3).build())
				.add(t + "_k3x2_s2x1", pool(type, 3, 2).stride(2, 1).build())
				.add(t + "_strict", pool(type, 3, 2).stride(2, 2).convolutionMode(Strict).build())
				.add(t + "_k3_p1", pool(type, 3, 3).padding(1, 1).build(), "negative")
				.add(t + "_k3_p1_s2", pool(type, 3, 3).padding(1, 1).stride(2, 2).build())
				.add(t + "_same_k2", pool(type, 2, 2).convolutionMode(Same).build(), "negative")
				.add(t + "_same_k3_s2", pool(type, 3, 3).stride(2, 2)
						.convolutionMode(Same).build(), "negative");
		}
		b.add("pnorm3_same", pool(PoolingType.PNORM, 3, 3).stride(2, 2).pnorm(3)
				.convolutionMode(Same).build());
		b.write();
	}

	private static void globalpooling(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 3, 7, 6).input("series", 4, 5)
				.add("conv", conv(1, 1).build());

		for (PoolingType type : types()) {
			String t = type.name().toLowerCase();
			b.add(t, new GlobalPoolingLayer.Builder(type).build())
				.add(t + "_series", new GlobalPoolingLayer.Builder(type).build(), "series");
		}
		b.add("max_kept", new GlobalPoolingLayer.Builder(PoolingType.MAX)
				.collapseDimensions(false).build())
			.add("pnorm3", new GlobalPoolingLayer.Builder(PoolingType.PNORM).pnorm(3).build())
			.write();
	}

	private static BatchNormalization locked(double gamma, double beta) {
		return new BatchNormalization.Builder(true).gamma(gamma).beta(beta).build();
	}

	private static Branches norms(Branches b) {
		return b.add("plain", new BatchNormalization.Builder().build())
			.add("eps", new BatchNormalization.Builder().eps(0.3).build())
			.add("lock_1_0", locked(1, 0))
			.add("lock_2_0", locked(2, 0))
			.add("lock_1_.5", locked(1, .5))
			.add("lock_2_.5", locked(2, .5))
			.add("relu", new BatchNormalization.Builder().activation(Activation.RELU).build())
			.add("twice", new BatchNormalization.Builder().build(), "plain");
	}

	private static void batchnorm(Write out, String name) throws Exception {
		norms(branches(out, name).input("in", 3, 7, 6)).write();
	}

	private static void batchnormRow(Write out, String name) throws Exception {
		norms(branches(out, name).input("in", 5)).write();
	}

	private static void lrn(Write out, String name) throws Exception {
		branches(out, name).input("in", 8, 3, 2)
			.add("conv", conv(1, 1).build())
			.add("plain", new LocalResponseNormalization.Builder().build())
			.add("strong", new LocalResponseNormalization.Builder(2, 5, .1, .75).build())
			.add("n3", new LocalResponseNormalization.Builder(1, 3, .2, .5).build())
			.add("n4", new LocalResponseNormalization.Builder(2, 4, .1, .75).build())
			.write();
	}

	private static void zeropadding(Write out, String name) throws Exception {
		branches(out, name).input("in", 2, 3, 4)
			.add("conv", conv(1, 1).build())
			.add("all_1", new ZeroPaddingLayer.Builder(1, 1).build())
			.add("h2_w1", new ZeroPaddingLayer.Builder(2, 1).build())
			.add("sides", new ZeroPaddingLayer.Builder(1, 2, 3, 4).build())
			.add("none", new ZeroPaddingLayer.Builder(0, 0, 0, 0).build())
			.add("then_conv", conv(3, 3).build(), "all_1")
			.write();
	}

	private static void flatten(Write out, String name) throws Exception {
		branches(out, name).input("image", 2, 3, 4).input("row", 24)
			.add("dense", dense().build())
			.add("conv", conv(2, 2).build())
			.add("dense_conv", dense().build(), "conv")
			.add("unflattened", conv(2, 2).build(), new FeedForwardToCnnPreProcessor(3, 4, 2),
				"row")
			.add("vertex", new PreprocessorVertex(new FeedForwardToCnnPreProcessor(4, 3, 2)), "row")
			.add("back", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(4, 3, 2)),
				"vertex")
			.add("composed", new PreprocessorVertex(new ComposableInputPreProcessor(
				new CnnToFeedForwardPreProcessor(3, 4, 2),
				new FeedForwardToCnnPreProcessor(4, 3, 2))))
			.write();
	}

	/* Rows */

	/** From -6 to 8, with the points where a function bends or a comparison may be strict. */
	private static INDArray wide(String stream, int... shape) {
		float[] points = { 0, 1, -1, 6, -6, 8, 5, 4, 2, .2f, -.2f, 2.5f, -2.5f };
		INDArray a = Fill.array(stream, -6, 8, shape);

		for (int i = 0; i < points.length && i < a.length(); i++)
			a.putScalar(i, points[i]);
		return a;
	}

	private static void activations(Write out, String name) throws Exception {
		Branches b = branches(out, name)
				.given("row", wide("row", Fill.BATCH, 7), null, 7)
				.given("image", wide("image", Fill.BATCH, 2, 3, 4), null, 2, 3, 4)
				.input("series", 3, 5)
				.add("dense", dense().build())
				.add("series_softmax", new ActivationLayer.Builder()
					.activation(Activation.SOFTMAX).build(), "series");

		for (Activation a : Activation.values()) {
			String f = a.name().toLowerCase();
			b.tryLayer("row_" + f, () -> new ActivationLayer.Builder().activation(a).build(), "row")
				.tryLayer("image_" + f, () -> new ActivationLayer.Builder().activation(a).build(),
					"image")
				.tryLayer("dense_" + f, () -> new DenseLayer.Builder().nOut(3).activation(a)
					.build(), "row");
		}
		b.add("elu_.3", new ActivationLayer.Builder().activation(new ActivationELU(.3)).build())
			.add("leakyrelu_.3", new ActivationLayer.Builder()
				.activation(new ActivationLReLU(.3)).build())
			.add("rrelu_.1_.5", new ActivationLayer.Builder()
				.activation(new ActivationRReLU(.1, .5)).build())
			.write();
	}

	static DenseLayer.Builder dense() {
		return new DenseLayer.Builder().nOut(4);
	}

	static OutputLayer.Builder output(LossFunction loss, Activation act) {
		return new OutputLayer.Builder(loss).nOut(4).activation(act);
	}

	private static void dense(Write out, String name) throws Exception {
		branches(out, name).input("in", 6).input("other in", 3)
			.add("plain", dense().build())
			.add("relu", dense().activation(Activation.RELU).build())
			.add("dropout_before", dense().dropOut(0.5).build())
			.add("wide", dense().nOut(37).build(), "other in")
			.add("one", dense().nOut(1).build())
			.add("dropout", new DropoutLayer.Builder(0.5).build())
			.add("dropout_then", dense().build(), "dropout")
			.add("loss_softmax", new LossLayer.Builder(LossFunction.MCXENT)
				.activation(Activation.SOFTMAX).build(), "plain")
			.add("loss_identity", new LossLayer.Builder(LossFunction.MSE)
				.activation(Activation.IDENTITY).build(), "relu")
			.add("out_softmax", output(LossFunction.MCXENT, Activation.SOFTMAX).build())
			.add("out_sigmoid", output(LossFunction.XENT, Activation.SIGMOID).build())
			.add("out_two_inputs", output(LossFunction.MSE, Activation.TANH).build(),
				"plain", "other in")
			.write();
	}

	private static void otherOutputs(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 6)
			.add("center", new CenterLossOutputLayer.Builder(LossFunction.MCXENT).nOut(3)
				.activation(Activation.SOFTMAX).build())
			.add("autoencoder", new AutoEncoder.Builder(.3).nOut(4)
				.activation(Activation.SIGMOID).build());

		for (LossFunction loss : LossFunction.values())
			b.tryLayer("loss_" + loss.name().toLowerCase(),
				() -> output(loss, Activation.SIGMOID).nOut(2).build());
		b.write();
	}

	private static void embedding(Write out, String name) throws Exception {
		branches(out, name).given("word", Fill.indices("word", 9), null, 9)
			.withoutInference()
			.add("plain", new EmbeddingLayer.Builder().nIn(9).nOut(4).build())
			.add("tanh", new EmbeddingLayer.Builder().nIn(9).nOut(3)
				.activation(Activation.TANH).build())
			.add("dense", dense().nIn(4).build(), "plain")
			.write();
	}

	private static VariationalAutoencoder.Builder vae(int... sizes) {
		return new VariationalAutoencoder.Builder().nOut(3).encoderLayerSizes(sizes)
				.decoderLayerSizes(5, 6).activation(Activation.TANH);
	}

	private static void vae(Write out, String name) throws Exception {
		branches(out, name).input("in", 6)
			.add("gaussian", vae(5, 4).reconstructionDistribution(
				new GaussianReconstructionDistribution(Activation.IDENTITY)).build())
			.add("bernoulli", vae(5).reconstructionDistribution(
				new BernoulliReconstructionDistribution(Activation.SIGMOID))
				.pzxActivationFunction(Activation.SIGMOID).build())
			.add("exponential", vae(5).reconstructionDistribution(
				new ExponentialReconstructionDistribution(Activation.IDENTITY)).build())
			.add("composite", vae(5).reconstructionDistribution(
				new CompositeReconstructionDistribution.Builder()
				.addDistribution(2, new GaussianReconstructionDistribution(Activation.IDENTITY))
				.addDistribution(4, new BernoulliReconstructionDistribution(Activation.SIGMOID))
				.build()).build())
			.add("loss", vae(5).lossFunction(Activation.TANH, LossFunction.MSE).build())
			.add("out", output(LossFunction.MSE, Activation.IDENTITY).build(), "gaussian")
			.write();
	}

	/* Series */

	static GravesLSTM.Builder graves() {
		return new GravesLSTM.Builder().nOut(4).activation(Activation.TANH);
	}

	private static void rnn(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 5).input("row", 4)
			.add("graves", graves().build())
			.add("graves_softsign", graves().activation(Activation.SOFTSIGN)
				.gateActivationFunction(Activation.HARDSIGMOID).build())
			.add("bidirectional", new GravesBidirectionalLSTM.Builder().nOut(4)
				.activation(Activation.TANH).build())
			.add("second", graves().nOut(3).build(), "graves")
			.add("dense", dense().build(), "graves")
			.add("dense_then", graves().build(), "dense")
			.add("out", new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(4)
				.activation(Activation.SOFTMAX).build(), "second")
			.add("last", new LastTimeStepVertex("in"), "graves")
			.add("repeated", new DuplicateToTimeSeriesVertex("in"), "row")
			.add("merged", new MergeVertex(), "graves", "repeated")
			.add("subset", new SubsetVertex(1, 2), "graves")
			.add("last_out", output(LossFunction.MCXENT, Activation.SOFTMAX).build(), "last")
			.write();
	}

	private static void rnnMasked(Write out, String name) throws Exception {
		INDArray mask = Fill.array("mask", 1, 1.5, Fill.BATCH, 5);

		for (int i = 0; i < Fill.BATCH; i++)
			for (int t = 0; t < 5; t++)
				mask.putScalar(new int[] { i, t }, t < 5 - 2 * i ? 1 : 0);
		Branches b = branches(out, name)
			.given("in", Fill.input(0, 3, 5), mask, 3, 5)
			.add("graves", graves().build())
			.add("bidirectional", new GravesBidirectionalLSTM.Builder().nOut(4)
				.activation(Activation.TANH).build())
			.add("last", new LastTimeStepVertex("in"), "graves");
		for (PoolingType type : types())
			b.add(type.name().toLowerCase(), new GlobalPoolingLayer.Builder(type).build(),
				"graves");
		b.write();
	}

	private static void rnnPictures(Write out, String name) throws Exception {
		branches(out, name).input("in", 24, 3).withoutInference()
			.add("conv", conv(2, 2).nIn(2).build(), new RnnToCnnPreProcessor(3, 4, 2))
			.add("series", graves().nIn(12).nOut(2).build(), new CnnToRnnPreProcessor(2, 3, 2),
				"conv")
			.add("dense", dense().nIn(24).build(), new RnnToFeedForwardPreProcessor())
			.add("again", graves().nIn(4).build(), new FeedForwardToRnnPreProcessor(), "dense")
			.write();
	}

	private static Subsampling1DLayer.Builder pool1d(PoolingType type, int kernel) {
		Subsampling1DLayer.Builder b = new Subsampling1DLayer.Builder(type, kernel).stride(1);

		return type == PoolingType.PNORM ? b.pnorm(2) : b;
	}

	private static void convolution1d(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 3, 8)
			.add("k3", new Convolution1DLayer.Builder(3).nOut(2).stride(1).build())
			.add("k2_s2", new Convolution1DLayer.Builder(2).nOut(4).stride(2)
				.activation(Activation.RELU).build())
			.add("k3_p1", new Convolution1DLayer.Builder(3).nOut(2).stride(1).padding(1).build())
			.add("same", new Convolution1DLayer.Builder(3).nOut(2).stride(2)
				.convolutionMode(Same).build());

		for (PoolingType type : types()) {
			String t = type.name().toLowerCase();
			b.add(t + "_k2_s2", pool1d(type, 2).stride(2).build())
				.add(t + "_k3_p1", pool1d(type, 3).padding(1).build())
				.add(t + "_same", pool1d(type, 3).stride(2).convolutionMode(Same).build());
		}
		b.add("then", graves().build(), "k3").write();
	}

	/* Vertices */

	private static void vertices(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("image0", 2, 3, 4).input("image1", 2, 3, 4)
				.input("row0", 5).input("row1", 5)
				.add("implicit", dense().build(), "row0", "row1");

		for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values())
			for (String in : new String[] { "image", "row" }) {
				String v = op.name().toLowerCase() + "_" + in;
				b.add(v, new ElementWiseVertex(op), in + 0, in + 1)
					.add(v + "_twice", new ElementWiseVertex(op), in + 1, in + 1);
				if (op == ElementWiseVertex.Op.Add)
					b.add(v + "_3", new ElementWiseVertex(op), in + 0, in + 1, in + 0);
			}
		b.add("merge_image", new MergeVertex(), "image0", "image1")
			.add("merge_row", new MergeVertex(), "row0", "row1", "row0")
			.add("subset_row", new SubsetVertex(1, 3), "row0")
			.add("subset_image", new SubsetVertex(1, 1), "image0")
			.add("l2_row", new L2Vertex(), "row0", "row1")
			.add("l2_image", new L2Vertex(), "image0", "image1")
			.add("unit_row", new L2NormalizeVertex(), "row0")
			.add("unit_image", new L2NormalizeVertex(), "image0")
			.add("scaled", new ScaleVertex(-.5), "row0")
			.write();
	}

	private static void stack(Write out, String name) throws Exception {
		branches(out, name).input("row0", 5).input("row1", 5).input("image0", 2, 3, 4)
			.input("image1", 2, 3, 4).withoutInference()
			.add("alone", dense().nIn(5).build(), "row0")
			.add("rows", new StackVertex(), "row0", "row1")
			.add("dense", dense().nIn(5).build(), "rows")
			.add("first", new UnstackVertex(0, 2), "dense")
			.add("second", new UnstackVertex(1, 2), "dense")
			.add("apart", new L2Vertex(), "first", "second")
			.add("images", new StackVertex(), "image0", "image1")
			.add("conv", conv(2, 2).nIn(2).build(), "images")
			.add("second_image", new UnstackVertex(1, 2), "conv")
			.write();
	}

	/** Columns' statistics of the batch; later releases have none of these. */
	private static void statistics(Write out, String name) throws Exception {
		branches(out, name).input("in", 5).withoutInference()
			.add("dense", dense().nIn(5).build(), new ZeroMeanAndUnitVariancePreProcessor())
			.add("variance", new PreprocessorVertex(new UnitVarianceProcessor()))
			.add("mean", new PreprocessorVertex(new ZeroMeanPrePreProcessor()))
			.add("both", new PreprocessorVertex(new ZeroMeanAndUnitVariancePreProcessor()))
			.write();
	}
}
