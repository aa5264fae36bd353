/* SPDX-License-Identifier: Apache-2.0 */
/* Whole small networks. */
package oracle;

import static oracle.Format.FIRST;
import static oracle.Format.LAST;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

final class NetCases {
	private static final InputType IMAGE = InputType.convolutional(7, 6, 3);

	private NetCases() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("mlp", (o, n) -> o.chain(n, mlp("FLOAT"), InputType.feedForward(6)));
		cases.put("mlp-double",
				(o, n) -> o.chain(n, mlp("DOUBLE"), InputType.feedForward(6)));
		cases.put("mlp-half", (o, n) -> o.chain(n, mlp("HALF"), InputType.feedForward(6)));
		cases.put("mlp-bfloat16", NetCases::bfloat16);
		cases.put("lenet", NetCases::lenet);
		cases.put("convnet", (o, n) -> o.chain(n, convnet(), IMAGE));
		cases.put("chain", (o, n) -> chain(o, n, FIRST));
		cases.put("chain-nhwc", (o, n) -> chain(o, n, LAST));
		cases.put("normalizer-standardize",
				(o, n) -> normalized(o, n, new NormalizerStandardize()));
		cases.put("normalizer-standardize-labels", NetCases::labelsNormalized);
		cases.put("normalizer-minmax",
				(o, n) -> normalized(o, n, new NormalizerMinMaxScaler(-0.5, 1.5)));
		cases.put("normalizer-image",
				(o, n) -> normalized(o, n, new ImagePreProcessingScaler(0, 1)));
		cases.put("normalizer-image-symmetric",
				(o, n) -> normalized(o, n, new ImagePreProcessingScaler(-1, 1)));
		cases.put("frozen", NetCases::frozen);
		cases.put("frozen-backprop", NetCases::frozenWithBackprop);
		cases.put("frozen-graph", NetCases::frozenGraph);
		cases.put("residual", (o, n) -> residual(o, n, "FLOAT"));
		cases.put("residual-double", (o, n) -> residual(o, n, "DOUBLE"));
		cases.put("residual-half", (o, n) -> residual(o, n, "HALF"));
		cases.put("two-outputs", NetCases::twoOutputs);
		cases.put("topology", (o, n) -> topology(o, n, true));
		cases.put("topology-unstored", (o, n) -> topology(o, n, false));
		cases.put("xception-like", (o, n) -> xception(o, n, FIRST));
		cases.put("xception-like-nhwc", (o, n) -> xception(o, n, LAST));
	}

	private static NeuralNetConfiguration.Builder base() {
		return new NeuralNetConfiguration.Builder().seed(1).activation(Activation.IDENTITY);
	}

	private static MultiLayerConfiguration chain(NeuralNetConfiguration.Builder base,
			InputType type, Layer... layers) {
		var list = base.list();

		for (Layer layer : layers)
			list.layer(layer);
		return list.setInputType(type).build();
	}

	private static DenseLayer dense(int n, Activation act) {
		return new DenseLayer.Builder().nOut(n).activation(act).build();
	}

	private static OutputLayer classes(int n) {
		return new OutputLayer.Builder(LossFunction.MCXENT).nOut(n)
				.activation(Activation.SOFTMAX).build();
	}

	private static ConvolutionLayer.Builder conv(int n, int... kernel) {
		return new ConvolutionLayer.Builder(kernel).nOut(n);
	}

	private static SubsamplingLayer pool(PoolingType type) {
		return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2).build();
	}

	/* Chains */

	private static MultiLayerConfiguration mlp(String type) {
		return chain(Moved.typed(base(), type), InputType.feedForward(6),
				dense(8, Activation.RELU), dense(5, Activation.TANH),
				new DropoutLayer.Builder(0.5).build(), classes(4));
	}

	/** DL4J builds no such network, but runs one whose coefficients are stored so. */
	private static void bfloat16(Write out, String name) throws Exception {
		InputType type = InputType.feedForward(6);
		MultiLayerNetwork net = new MultiLayerNetwork(mlp("FLOAT")) {
			@Override
			public INDArray params() {
				return Moved.cast(super.params(), "BFLOAT16");
			}
		};

		net.init();
		Fill.params(net);
		out.chain(name, net, type, Fill.inputs(type)[0], null);
	}

	private static void lenet(Write out, String name) throws Exception {
		out.chain(name, chain(base(), InputType.convolutionalFlat(14, 13, 1),
				conv(4, 3, 3).activation(Activation.RELU).build(), pool(PoolingType.MAX),
				conv(6, 2, 2).activation(Activation.RELU).build(), pool(PoolingType.MAX),
				dense(10, Activation.RELU), classes(5)), InputType.feedForward(14 * 13));
	}

	private static MultiLayerConfiguration convnet() {
		return chain(base(), IMAGE,
				conv(4, 3, 3).convolutionMode(ConvolutionMode.Same).activation(Activation.ELU)
						.build(),
				pool(PoolingType.AVG), dense(6, Activation.SIGMOID), classes(3));
	}

	private static void chain(Write out, String name, Format format) throws Exception {
		InputType type = format.image(7, 6, 3);

		out.chain(name, chain(base(), type,
				format.on(new ZeroPaddingLayer.Builder(1, 2, 0, 3)).build(),
				conv(5, 3, 2).stride(2, 1).hasBias(false).build(), new BatchNormalization(),
				relu(), separable(6), new BatchNormalization(),
				new ActivationLayer(Activation.LEAKYRELU), pool(PoolingType.MAX),
				new GlobalPoolingLayer(PoolingType.AVG), classes(4)), type);
	}

	/* Normalizers: pixels go in, `normalized/` is what the network sees */

	private static INDArray pixels() {
		return Transforms.floor(Fill.array("pixels", 0, 256, Write.BATCH, 3, 7, 6));
	}

	private static void normalized(Write out, String name, DataNormalization normalizer)
			throws Exception {
		INDArray channel = Nd4j.create(new float[] { 1, .5f, .25f }).reshape(1, 3, 1, 1);

		normalizer.fit(new DataSet(pixels().mul(channel.broadcast(Write.BATCH, 3, 7, 6)), null));
		out.chain(name, Write.net(convnet()), IMAGE, pixels(), normalizer);
	}

	private static void labelsNormalized(Write out, String name) throws Exception {
		NormalizerStandardize normalizer = new NormalizerStandardize();
		InputType type = InputType.feedForward(6);
		INDArray input = Fill.array("table", -20, 50, Write.BATCH, 6);

		input.putColumn(2, Nd4j.valueArrayOf(Write.BATCH, 7f));	/* no deviation at all */
		normalizer.fitLabel(true);
		normalizer.fit(new DataSet(input, Fill.array("labels", 0, 9, Write.BATCH, 4)));
		out.chain(name, Write.net(mlp("FLOAT")), type, input, normalizer);
	}

	/* Frozen layers, as transfer learning leaves them */

	private static void frozen(Write out, String name) throws Exception {
		MultiLayerNetwork net = new TransferLearning.Builder(Write.net(convnet()))
				.setFeatureExtractor(1).build();

		out.chain(name, net, IMAGE, Fill.inputs(IMAGE)[0], null);
	}

	private static void frozenWithBackprop(Write out, String name) throws Exception {
		out.chain(name, chain(base(), IMAGE, new FrozenLayerWithBackprop(conv(4, 3, 3).build()),
				new FrozenLayerWithBackprop(new BatchNormalization()), pool(PoolingType.MAX),
				new FrozenLayerWithBackprop(dense(6, Activation.TANH)), classes(3)), IMAGE);
	}

	private static void frozenGraph(Write out, String name) throws Exception {
		ComputationGraph net = new ComputationGraph(residual("FLOAT"));

		net.init();
		Fill.params(net);
		out.graph(name, new TransferLearning.GraphBuilder(net).setFeatureExtractor("conv2").build(),
				new InputType[] { IMAGE }, Fill.inputs(IMAGE));
	}

	/* Graphs */

	private static ActivationLayer relu() {
		return new ActivationLayer(Activation.RELU);
	}

	/** Activations work in place in DL4J: `bn`, `conv2` and `sum` each have a second reader. */
	private static ComputationGraphConfiguration residual(String type) {
		return Moved.typed(base(), type).graphBuilder().addInputs("in").setInputTypes(IMAGE)
			.addLayer("conv1", conv(4, 3, 3).convolutionMode(ConvolutionMode.Same).build(), "in")
			.addLayer("bn", LayerCases.norm(false).build(), "conv1")
			.addLayer("relu1", relu(), "bn")
			.addLayer("conv2", conv(4, 3, 3).convolutionMode(ConvolutionMode.Same).build(),
					"relu1")
			.addLayer("tanh2", new ActivationLayer(Activation.TANH), "conv2")
			.addLayer("drop", new DropoutLayer.Builder(0.5).build(), "conv2")
			.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add),
					"bn", "tanh2", "drop")
			.addLayer("relu3", relu(), "sum")
			.addLayer("sigmoid3", new ActivationLayer(Activation.SIGMOID), "sum")
			.addVertex("all", new MergeVertex(), "sum", "relu3", "sigmoid3", "bn")
			.addLayer("pool", new GlobalPoolingLayer(PoolingType.MAX), "all")
			.addLayer("out", classes(4), "pool")
			.setOutputs("out").build();
	}

	private static void residual(Write out, String name, String type) throws Exception {
		out.graph(name, residual(type), IMAGE);
	}

	private static void twoOutputs(Write out, String name) throws Exception {
		InputType row = InputType.feedForward(5);
		GraphBuilder g = base().graphBuilder().addInputs("image", "row")
			.setInputTypes(IMAGE, row)
			.addLayer("conv", conv(4, 3, 3).activation(Activation.RELU).build(), "image")
			.addLayer("flat", dense(6, Activation.TANH), "conv")
			.addLayer("tower", dense(6, Activation.RELU), "row")
			.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "tower", "flat")
			.addLayer("kind", classes(4), "sum")
			.addLayer("value", new OutputLayer.Builder(LossFunction.MSE).nOut(2)
					.activation(Activation.IDENTITY).build(), "sum", "row")
			.setOutputs("value", "kind");

		out.graph(name, g.build(), IMAGE, row);
	}

	/** Last first, with ties enough that the order of a Java HashSet shows, and awkward names. */
	private static void topology(Write out, String name, boolean stored) throws Exception {
		String[] names = { "a/b c", "caf\u00e9.1", "\u03bb", "say \"hi\"", "back\\slash", ".dot",
				"-dash", "\u5377\u7a4d", "tab\there", "{brace}", "100%", "x,y", "&<tag>" };
		InputType type = InputType.feedForward(4);
		GraphBuilder g = base().graphBuilder().addInputs("the input").setInputTypes(type);
		List<String> all = new ArrayList<>();

		g.addLayer("out", classes(3), "every branch");
		for (int i = 25; i >= 0; i--) {
			String v = (i < names.length ? names[i] : "dense") + i;
			String from = all.isEmpty() || i % 4 == 0 ? "the input" : all.get(all.size() / 3);
			all.add(v);
			g.addLayer(v, dense(2 + i % 3, Activation.TANH), from);
		}
		g.addVertex("every branch", new MergeVertex(), all.toArray(new String[0]));
		ComputationGraph net = new ComputationGraph(g.setOutputs("out").build());
		net.init();
		Fill.params(net);
		if (!stored) {
			net.getConfiguration().setTopologicalOrder(null);
			net.getConfiguration().setTopologicalOrderStr(null);
		}
		out.graph(name, net, new InputType[] { type }, Fill.inputs(type));
	}

	private static SeparableConvolution2D separable(int n) {
		return new SeparableConvolution2D.Builder(3, 3).nOut(n).hasBias(false)
				.convolutionMode(ConvolutionMode.Same).build();
	}

	/** An entry block, a middle block and an exit; `relu1`, `mid_relu` have a rival reader. */
	private static void xception(Write out, String name, Format format) throws Exception {
		InputType type = format.image(15, 14, 3);
		GraphBuilder g = base().graphBuilder().addInputs("input").setInputTypes(type)
			.addLayer("conv1", conv(8, 3, 3).stride(2, 2).hasBias(false).build(), "input")
			.addLayer("conv1_bn", new BatchNormalization(), "conv1")
			.addLayer("conv1_relu", relu(), "conv1_bn")
			.addLayer("skip", conv(12, 1, 1).stride(2, 2).hasBias(false)
					.convolutionMode(ConvolutionMode.Same).build(), "conv1_relu")
			.addLayer("skip_bn", new BatchNormalization(), "skip")
			.addLayer("sep1", separable(12), "conv1_relu")
			.addLayer("sep1_bn", new BatchNormalization(), "sep1")
			.addLayer("sep1_relu", relu(), "sep1_bn")
			.addLayer("sep2", separable(12), "sep1_relu")
			.addLayer("sep2_bn", new BatchNormalization(), "sep2")
			.addLayer("pool", new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(3, 3)
					.stride(2, 2).convolutionMode(ConvolutionMode.Same).build(), "sep2_bn")
			.addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "pool", "skip_bn")
			.addLayer("mid_relu", relu(), "add")
			.addLayer("mid_sep", separable(12), "mid_relu")
			.addLayer("mid_bn", new BatchNormalization(), "mid_sep")
			.addVertex("mid_add", new ElementWiseVertex(ElementWiseVertex.Op.Add),
					"mid_bn", "add")
			.addLayer("exit_sep", separable(20), "mid_add")
			.addLayer("exit_bn", new BatchNormalization(), "exit_sep")
			.addLayer("exit_relu", relu(), "exit_bn")
			.addLayer("avg_pool", new GlobalPoolingLayer(PoolingType.AVG), "exit_relu")
			.addLayer("predictions", classes(7), "avg_pool")
			.setOutputs("predictions");

		out.graph(name, g.build(), type);
	}
}
