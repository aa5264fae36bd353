/* SPDX-License-Identifier: Apache-2.0 */
/* 0.5.0 to 0.7.2, where activations are words. Every layer tells its own nIn. */
package oracle;

import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ReshapePreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.UnitVarianceProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ZeroMeanAndUnitVariancePreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ZeroMeanPrePreProcessor;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class First {
	private static final String[] FUNCTIONS = { "cube", "elu", "hardsigmoid", "hardtanh",
		"identity", "leakyrelu", "relu", "rrelu", "sigmoid", "softmax", "softplus", "softsign",
		"tanh" };

	private First() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("mlp", First::mlp);
		cases.put("lenet", First::lenet);
		cases.put("chars", First::chars);
		cases.put("autoencoder", First::autoencoder);
		cases.put("convolution", First::convolution);
		cases.put("pooling", First::pooling);
		cases.put("batchnorm", First::batchnorm);
		cases.put("batchnorm-row", First::batchnormRow);
		cases.put("lrn", First::lrn);
		cases.put("activations", First::activations);
		cases.put("dense", First::dense);
		cases.put("embedding", First::embedding);
		cases.put("rnn", First::rnn);
		cases.put("rnn-pictures", First::rnnPictures);
		cases.put("vertices", First::vertices);
		cases.put("flatten", First::flatten);
		cases.put("statistics", First::statistics);
		cases.put("residual", First::residual);
		cases.put("ties", First::ties);
	}

	private static NeuralNetConfiguration.Builder start() {
		return new NeuralNetConfiguration.Builder().seed(1).activation("identity");
	}

	private static Branches branches(Write out, String name) {
		return new Branches(out, name, First::start).withoutInference();
	}

	private static DenseLayer.Builder dense(int in, int n) {
		return new DenseLayer.Builder().nIn(in).nOut(n);
	}

	private static OutputLayer.Builder output(int in, String activation) {
		return new OutputLayer.Builder(LossFunction.MCXENT).nIn(in).nOut(4)
				.activation(activation);
	}

	private static ConvolutionLayer.Builder conv(int in, int... kernel) {
		return new ConvolutionLayer.Builder(kernel).stride(1, 1).nIn(in).nOut(2);
	}

	private static SubsamplingLayer.Builder pool(SubsamplingLayer.PoolingType type,
			int... kernel) {
		return new SubsamplingLayer.Builder(type).kernelSize(kernel).stride(1, 1);
	}

	private static SubsamplingLayer max() {
		return pool(SubsamplingLayer.PoolingType.MAX, 2, 2).stride(2, 2).build();
	}

	private static GravesLSTM graves(int in, int n, String activation) {
		GravesLSTM.Builder b = new GravesLSTM.Builder();

		b.nIn(in).nOut(n).activation(activation);
		return b.build();
	}

	private static GravesBidirectionalLSTM both(int in, int n) {
		GravesBidirectionalLSTM.Builder b = new GravesBidirectionalLSTM.Builder();

		b.nIn(in).nOut(n).activation("tanh");
		return b.build();
	}

	/* Networks */

	private static void mlp(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, dense(6, 8).activation("relu").build())
			.layer(1, dense(8, 5).activation("leakyrelu").dropOut(.5).build())
			.layer(2, output(5, "softmax").name("the end").build())
			.build();

		out.chain(name, conf, new int[] { 6 });
	}

	private static void lenet(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, conv(1, 5, 5).nOut(4).build())
			.layer(1, max())
			.layer(2, conv(4, 3, 3).nOut(6).build())
			.layer(3, max())
			.layer(4, dense(24, 20).activation("relu").build())
			.layer(5, output(20, "softmax").build())
			.inputPreProcessor(0, new FeedForwardToCnnPreProcessor(18, 16, 1))
			.inputPreProcessor(4, new CnnToFeedForwardPreProcessor(2, 2, 6))
			.build();

		out.chain(name, conf, new int[] { 18 * 16 });
	}

	private static void autoencoder(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, new AutoEncoder.Builder().nIn(6).nOut(5).activation("sigmoid").build())
			.layer(1, new AutoEncoder.Builder().nIn(5).nOut(4).activation("tanh").build())
			.layer(2, output(4, "softmax").build())
			.pretrain(true).build();

		out.chain(name, conf, new int[] { 6 });
	}

	private static void chars(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, graves(7, 6, "tanh"))
			.layer(1, graves(6, 5, "tanh"))
			.layer(2, new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(5).nOut(7)
				.activation("softmax").build())
			.build();

		out.chain(name, conf, new int[] { 7, 5 });
	}

	private static void residual(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 7, 6)
			.add("conv1", conv(3, 3, 3).nOut(5).build())
			.add("relu1", new ActivationLayer.Builder().activation("relu").build(), "conv1")
			.add("conv2", conv(5, 3, 3).padding(1, 1).nOut(5).build(), "relu1")
			.add("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv2", "relu1")
			.add("pool", max(), "sum")
			.add("out", output(20, "softmax").build(), new CnnToFeedForwardPreProcessor(2, 2, 5),
				"pool")
			.write();
	}

	/** Consumers of "a" in an order that only the buckets of Java's HashSet explain. */
	private static void ties(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 4);

		b.add("a", dense(4, 3).build());
		for (int i = 0; i < 20; i++) {
			boolean behind = i % 7 == 2 || i > 14;
			b.add("d" + i, dense(behind ? 3 : 4, 2).build(), behind ? "a" : "in");
		}
		b.add("e0", dense(2, 2).build(), "d16").add("e1", dense(2, 2).build(), "d2")
			.add("both", new ElementWiseVertex(ElementWiseVertex.Op.Add), "e1", "e0", "d9")
			.add("end", dense(2, 3).build(), "both").write();
	}

	/* Layers */

	private static void convolution(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 7, 6)
			.add("k1", conv(3, 1, 1).build())
			.add("k3", conv(3, 3, 3).build())
			.add("k2x3", conv(3, 2, 3).build())
			.add("k3x2_s2", conv(3, 3, 2).stride(2, 2).build())
			.add("k3_s2x1", conv(3, 3, 3).stride(2, 1).build())
			.add("k3_p1", conv(3, 3, 3).padding(1, 1).build())
			.add("tanh", conv(3, 2, 2).activation("tanh").build())
			.add("leakyrelu", conv(3, 2, 2).activation("leakyrelu").build())
			.add("softmax", conv(3, 2, 2).activation("softmax").build())
			.add("wide", conv(3, 3, 2).nOut(19).stride(2, 2).build())
			.add("wide_next", conv(19, 2, 2).nOut(17).build(), "wide")
			.write();
	}

	private static void pooling(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 3, 7, 6)
				.add("conv", conv(3, 1, 1).nOut(3).build());

		for (SubsamplingLayer.PoolingType type : SubsamplingLayer.PoolingType.values()) {
			String t = type.name().toLowerCase();
			if (t.equals("pnorm") || t.equals("none"))	/* p is not for every release to tell */
				continue;
			b.add(t + "_k3x2_s2", pool(type, 3, 2).stride(2, 2).build(), "conv")
				.add(t + "_k3", pool(type, 3, 3).build(), "conv")
				.add(t + "_k3_p1", pool(type, 3, 3).padding(1, 1).build(), "conv");
		}
		b.write();
	}

	private static BatchNormalization norm(int n, BatchNormalization.Builder b) {
		return b.nIn(n).nOut(n).build();
	}

	private static Branches norms(Branches b, int n) {
		return b.add("plain", norm(n, new BatchNormalization.Builder()))
			.add("eps", norm(n, new BatchNormalization.Builder().eps(.3)))
			.add("lock_1_0", norm(n, new BatchNormalization.Builder(true)))
			.add("lock_2_.5", norm(n, new BatchNormalization.Builder(true).gamma(2).beta(.5)))
			.add("relu", norm(n, new BatchNormalization.Builder().activation("relu")))
			.add("twice", norm(n, new BatchNormalization.Builder()), "plain");
	}

	private static void batchnorm(Write out, String name) throws Exception {
		norms(branches(out, name).input("in", 3, 7, 6), 3).write();
	}

	private static void batchnormRow(Write out, String name) throws Exception {
		norms(branches(out, name).input("in", 5), 5).write();
	}

	private static void lrn(Write out, String name) throws Exception {
		branches(out, name).input("in", 8, 3, 2)
			.add("conv", conv(8, 1, 1).build())
			.add("plain", new LocalResponseNormalization.Builder().build())
			.add("strong", new LocalResponseNormalization.Builder().k(2).n(5).alpha(.1).beta(.75)
				.build())
			.add("n3", new LocalResponseNormalization.Builder().k(1).n(3).alpha(.2).beta(.5).build())
			.write();
	}

	private static void activations(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("row", 7).input("image", 2, 3, 4)
				.add("dense", dense(7, 4).build(), "row");

		for (String f : FUNCTIONS)
			b.tryLayer("row_" + f, () -> new ActivationLayer.Builder().activation(f).build(), "row")
				.tryLayer("image_" + f, () -> new ActivationLayer.Builder().activation(f).build(),
					"image")
				.tryLayer("dense_" + f, () -> dense(7, 3).activation(f).build(), "row");
		b.write();
	}

	private static void dense(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("in", 6)
			.add("plain", dense(6, 4).build())
			.add("relu", dense(6, 4).activation("relu").build())
			.add("wide", dense(6, 37).build())
			.add("autoencoder", new AutoEncoder.Builder().nIn(6).nOut(4).activation("sigmoid")
				.build());

		for (LossFunction loss : LossFunction.values())
			b.tryLayer("loss_" + loss.name().toLowerCase(), () -> new OutputLayer.Builder(loss)
				.nIn(6).nOut(2).activation("sigmoid").build());
		b.write();
	}

	private static void embedding(Write out, String name) throws Exception {
		branches(out, name).given("word", Fill.indices("word", 9), null, 9)
			.add("plain", new EmbeddingLayer.Builder().nIn(9).nOut(4).build())
			.add("tanh", new EmbeddingLayer.Builder().nIn(9).nOut(3).activation("tanh").build())
			.add("dense", dense(4, 4).build(), "plain")
			.write();
	}

	private static void rnn(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 5).input("row", 4)
			.add("graves", graves(3, 4, "tanh"))
			.add("softsign", graves(3, 4, "softsign"))
			.add("bidirectional", both(3, 4))
			.add("second", graves(4, 3, "tanh"), "graves")
			.add("out", new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(3).nOut(4)
				.activation("softmax").build(), "second")
			.add("last", new LastTimeStepVertex("in"), "graves")
			.add("repeated", new DuplicateToTimeSeriesVertex("in"), "row")
			.add("merged", new MergeVertex(), "graves", "repeated")
			.add("subset", new SubsetVertex(1, 2), "graves")
			.add("last_out", output(4, "softmax").build(), "last")
			.write();
	}

	private static void rnnPictures(Write out, String name) throws Exception {
		branches(out, name).input("in", 24, 3)
			.add("conv", conv(2, 2, 2).build(), new RnnToCnnPreProcessor(3, 4, 2))
			.add("series", graves(12, 2, "tanh"), new CnnToRnnPreProcessor(2, 3, 2), "conv")
			.add("dense", dense(24, 4).build(), new RnnToFeedForwardPreProcessor())
			.add("again", graves(4, 4, "tanh"), new FeedForwardToRnnPreProcessor(), "dense")
			.write();
	}

	private static void vertices(Write out, String name) throws Exception {
		Branches b = branches(out, name).input("image0", 2, 3, 4).input("image1", 2, 3, 4)
				.input("row0", 5).input("row1", 5)
				.add("dense", dense(5, 4).build(), "row0");

		for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values())
			for (String in : new String[] { "image", "row" })
				b.add(op.name().toLowerCase() + "_" + in, new ElementWiseVertex(op), in + 0, in + 1);
		b.add("merge_image", new MergeVertex(), "image0", "image1")
			.add("merge_row", new MergeVertex(), "row0", "row1", "row0")
			.add("subset_row", new SubsetVertex(1, 3), "row0")
			.add("subset_image", new SubsetVertex(1, 1), "image0")
			.write();
	}

	private static void flatten(Write out, String name) throws Exception {
		branches(out, name).input("image", 2, 3, 4).input("row", 24)
			.add("dense", dense(24, 4).build(), new CnnToFeedForwardPreProcessor(3, 4, 2), "image")
			.add("conv", conv(2, 2, 2).build(), new FeedForwardToCnnPreProcessor(3, 4, 2), "row")
			.add("vertex", new PreprocessorVertex(new FeedForwardToCnnPreProcessor(4, 3, 2)), "row")
			.add("back", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(4, 3, 2)),
				"vertex")
			.add("composed", new PreprocessorVertex(new ComposableInputPreProcessor(
				new CnnToFeedForwardPreProcessor(3, 4, 2),
				new FeedForwardToCnnPreProcessor(4, 3, 2))))
			.add("reshaped", new PreprocessorVertex(new ReshapePreProcessor(
				new int[] { 3, 24 }, new int[] { 3, 2, 12 }, true)), "row")
			.write();
	}

	/** Columns' statistics of the batch. */
	private static void statistics(Write out, String name) throws Exception {
		branches(out, name).input("in", 5)
			.add("dense", dense(5, 4).build(), new ZeroMeanAndUnitVariancePreProcessor())
			.add("variance", new PreprocessorVertex(new UnitVarianceProcessor()))
			.add("mean", new PreprocessorVertex(new ZeroMeanPrePreProcessor()))
			.add("both", new PreprocessorVertex(new ZeroMeanAndUnitVariancePreProcessor()))
			.write();
	}
}
