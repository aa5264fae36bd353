/* SPDX-License-Identifier: Apache-2.0 */
/* What 0.9 has and 0.8 has not. */
package oracle;

import static oracle.Layers.branches;
import static oracle.Layers.conv;
import static oracle.Layers.dense;
import static oracle.Layers.output;
import static oracle.Layers.pool;
import static oracle.Layers.start;

import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class Layers09 {
	private Layers09() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("lstm", Layers09::lstm);
		cases.put("other-vertices", Layers09::otherVertices);
		cases.put("frozen", Layers09::frozen);
		cases.put("frozen-graph", Layers09::frozenGraph);
		cases.put("normalizer-standardize", (o, n) -> normalizer(o, n,
			new NormalizerStandardize()));
		cases.put("normalizer-minmax", (o, n) -> normalizer(o, n,
			new NormalizerMinMaxScaler(-1, 2)));
		cases.put("normalizer-image", (o, n) -> normalizer(o, n,
			new ImagePreProcessingScaler(-1, 1)));
	}

	private static void lstm(Write out, String name) throws Exception {
		branches(out, name).input("in", 3, 5)
			.add("lstm", new LSTM.Builder().nOut(4).activation(Activation.TANH).build())
			.add("hard", new LSTM.Builder().nOut(4).activation(Activation.RELU)
				.gateActivationFunction(Activation.HARDSIGMOID).build())
			.add("second", new LSTM.Builder().nOut(3).activation(Activation.TANH).build(), "lstm")
			.write();
	}

	private static void otherVertices(Write out, String name) throws Exception {
		branches(out, name).input("image", 2, 3, 4).input("row", 6).withoutInference()
			.add("dense", dense().nIn(6).build(), "row")
			.add("shifted", new ShiftVertex(.75), "row")
			.add("shifted_image", new ShiftVertex(-1.5), "image")
			.add("helped", new PoolHelperVertex(), "image")
			.add("reshaped", new ReshapeVertex(-1, 12, 2), "image")
			.add("picture", new ReshapeVertex(-1, 1, 2, 3), "row")
			.write();
	}

	private static void frozen(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, new FrozenLayer(conv(3, 3).nIn(3).build()))
			.layer(1, new FrozenLayer(new BatchNormalization.Builder().nIn(2).nOut(2).build()))
			.layer(2, pool(PoolingType.MAX, 2, 2).build())
			.layer(3, output(LossFunction.MCXENT, Activation.SOFTMAX).nIn(24).build())
			.inputPreProcessor(3, new org.deeplearning4j.nn.conf.preprocessor
				.CnnToFeedForwardPreProcessor(4, 3, 2))
			.build();

		out.chain(name, conf, new int[] { 3, 7, 6 });
	}

	private static void normalizer(Write out, String name, DataNormalization stored)
			throws Exception {
		MultiLayerNetwork net = new MultiLayerNetwork(start().list()
			.layer(0, dense().nIn(6).activation(Activation.TANH).build())
			.layer(1, output(LossFunction.MSE, Activation.IDENTITY).nIn(4).build()).build());
		INDArray seen = Fill.array("seen", -3, 5, 9, 6);

		net.init();
		Fill.params(net);
		if (!(stored instanceof ImagePreProcessingScaler))
			stored.fit(new DataSet(seen, seen));
		out.chain(name, net, new int[] { 6 }, Fill.array("raw", -4, 7, Fill.BATCH, 6), (zip, x) -> {
			ModelSerializer.addNormalizerToModel(zip, stored);
			DataNormalization read = ModelSerializer.restoreNormalizerFromFile(zip);
			read.transform(x);
			return x;
		});
	}

	private static void frozenGraph(Write out, String name) throws Exception {
		branches(out, name).input("in", 6).withoutInference()
			.add("dense", new FrozenLayer(dense().nIn(6).activation(Activation.TANH).build()))
			.add("norm", new FrozenLayer(new BatchNormalization.Builder().nIn(4).nOut(4).build()),
				"dense")
			.add("out", output(LossFunction.MSE, Activation.SIGMOID).nIn(4).build(), "norm")
			.write();
	}
}
