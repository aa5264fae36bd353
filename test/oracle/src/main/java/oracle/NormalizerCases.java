/* SPDX-License-Identifier: Apache-2.0 */
/* Normalizers of one and of several inputs, with masks and with labels. `normalized/` is what
 * they make of `in/`, `reverted/` what revertLabels() makes of the network's outputs. */
package oracle;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.preprocessor.MultiDataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerHybrid;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.Normalizer;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class NormalizerCases {
	private static final int STEPS = 5;
	private static final InputType ROW = InputType.feedForward(6);
	private static final InputType SERIES = InputType.recurrent(4, STEPS);
	private static final InputType IMAGE = InputType.convolutional(4, 3, 2);

	private NormalizerCases() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("normalizer-standardize-tiny", NormalizerCases::tinyDeviations);
		cases.put("normalizer-minmax-tiny", NormalizerCases::tinyRanges);
		cases.put("normalizer-standardize-series", NormalizerCases::standardizedSeries);
		cases.put("normalizer-minmax-series", NormalizerCases::scaledSeries);
		cases.put("normalizer-multi-standardize", (o, n) -> {
			MultiNormalizerStandardize normalizer = new MultiNormalizerStandardize();
			normalizer.fitLabel(true);
			several(o, n, normalizer);
		});
		cases.put("normalizer-multi-minmax", (o, n) -> {
			MultiNormalizerMinMaxScaler normalizer = new MultiNormalizerMinMaxScaler(-0.3, 1.7);
			normalizer.fitLabel(true);
			several(o, n, normalizer);
		});
		cases.put("normalizer-multi-minmax-inputs",
				(o, n) -> several(o, n, new MultiNormalizerMinMaxScaler()));
		cases.put("normalizer-multi-hybrid", (o, n) -> several(o, n, new MultiNormalizerHybrid()
				.standardizeAllInputs().minMaxScaleInput(1, 0, 2)
				.standardizeOutput(0).minMaxScaleOutput(2, -1, 1)));
		cases.put("normalizer-multi-hybrid-some", (o, n) -> several(o, n,
				new MultiNormalizerHybrid().minMaxScaleInput(2).minMaxScaleAllOutputs()));
	}

	/* One input */

	private static ComputationGraph row(int nOut) {
		return graph(builder("row").setInputTypes(ROW)
			.addLayer("value", value(nOut), "row").setOutputs("value"));
	}

	private static void tinyDeviations(Write out, String name) throws Exception {
		INDArray std = row(0, 1e-9, 1e-5, 1.01e-5, 1e-4, 3);
		INDArray mean = row(0, 1, 2, -3, 0.25, 5);

		out.graph(name, row(6), new InputType[] { ROW }, new INDArray[] { table() }, null,
				new NormalizerStandardize(mean, std, mean.dup(), std.dup()));
	}

	private static void tinyRanges(Write out, String name) throws Exception {
		NormalizerMinMaxScaler normalizer = new NormalizerMinMaxScaler(-0.3, 1.7);
		INDArray min = row(0, 5, 5, 1.6e9, 0.1, -3);
		INDArray max = row(0, 5, 5.000001, 1.6e9 + 1000, 0.7, -3.1);

		normalizer.setFeatureStats(min, max);
		normalizer.fitLabel(true);
		normalizer.setLabelStats(min.dup(), max.dup());
		out.graph(name, row(6), new InputType[] { ROW }, new INDArray[] { table() }, null,
				normalizer);
	}

	private static ComputationGraph series() {
		return graph(builder("series").setInputTypes(SERIES)
			.addLayer("steps", steps(3), "series").setOutputs("steps"));
	}

	private static DataSet labelled() {
		return new DataSet(seriesData(), Fill.array("steps", 10, 12, Write.BATCH, 3, STEPS),
				mask(), mask());
	}

	private static void standardizedSeries(Write out, String name) throws Exception {
		NormalizerStandardize normalizer = new NormalizerStandardize();

		normalizer.fitLabel(true);
		normalizer.fit(labelled());
		single(out, name, normalizer);
	}

	private static void scaledSeries(Write out, String name) throws Exception {
		NormalizerMinMaxScaler normalizer = new NormalizerMinMaxScaler(0.1, 0.9);

		normalizer.fitLabel(true);
		normalizer.fit(labelled());
		single(out, name, normalizer);
	}

	private static void single(Write out, String name, Normalizer<?> normalizer)
			throws Exception {
		out.graph(name, series(), new InputType[] { SERIES }, new INDArray[] { seriesData() },
				new INDArray[] { mask() }, normalizer);
	}

	/* Several inputs and outputs, of rank 2, 3 and 4 */

	private static void several(Write out, String name, MultiDataNormalization normalizer)
			throws Exception {
		INDArray[] in = { table(), seriesData(),
				Fill.array("image", 0, 255, Write.BATCH, 2, 4, 3) };
		INDArray[] labels = { Fill.array("value", -7, 90, Write.BATCH, 2),
				Fill.array("steps", 10, 12, Write.BATCH, 3, STEPS),
				Fill.array("map", 0, 0.01, Write.BATCH, 2, 4, 3) };
		INDArray[] masks = { null, mask(), null };
		ComputationGraph net = graph(builder("row", "series", "image")
			.setInputTypes(ROW, SERIES, IMAGE)
			.addLayer("value", value(2), "row")
			.addLayer("steps", steps(3), "series")
			.addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(2)
					.convolutionMode(ConvolutionMode.Same).build(), "image")
			.addLayer("map", new CnnLossLayer.Builder(LossFunction.MSE)
					.activation(Activation.TANH).build(), "conv")
			.setOutputs("value", "steps", "map"));

		normalizer.fit(new MultiDataSet(in, labels, masks, masks));
		out.graph(name, net, new InputType[] { ROW, SERIES, IMAGE }, in, masks, normalizer);
	}

	private static GraphBuilder builder(String... inputs) {
		return new NeuralNetConfiguration.Builder().seed(1).activation(Activation.IDENTITY)
			.graphBuilder().addInputs(inputs);
	}

	private static ComputationGraph graph(GraphBuilder builder) {
		ComputationGraph net = new ComputationGraph(builder.build());

		net.init();
		Fill.params(net);
		return net;
	}

	private static OutputLayer value(int nOut) {
		return new OutputLayer.Builder(LossFunction.MSE).nOut(nOut)
			.activation(Activation.TANH).build();
	}

	private static RnnOutputLayer steps(int nOut) {
		return new RnnOutputLayer.Builder(LossFunction.MSE).nOut(nOut)
			.activation(Activation.TANH).build();
	}

	private static INDArray row(double... values) {
		return Nd4j.createFromArray(values).castTo(Nd4j.defaultFloatingPointType())
			.reshape(1, values.length);
	}

	private static INDArray table() {
		return Fill.array("table", -20, 50, Write.BATCH, 6);
	}

	private static INDArray seriesData() {
		return Fill.array("series", 100, 300, Write.BATCH, 4, STEPS);
	}

	private static INDArray mask() {
		return Nd4j.createFromArray(new float[][] {
				{ 1, 1, 1, 1, 1 }, { 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 1 } });
	}
}
