/* SPDX-License-Identifier: Apache-2.0 */
/* 0.8.0 to 1.0.0-alpha: whole networks. */
package oracle;

import static oracle.Layers.conv;
import static oracle.Layers.dense;
import static oracle.Layers.graves;
import static oracle.Layers.output;
import static oracle.Layers.pool;
import static oracle.Layers.start;

import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.util.DataTypeUtil;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class Nets {
	private Nets() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("mlp", Nets::mlp);
		cases.put("mlp-double", (o, n) -> inDoubles(() -> mlp(o, n)));
		cases.put("residual-double", (o, n) -> inDoubles(() -> residual(o, n)));
		cases.put("lenet", Nets::lenet);
		cases.put("chain", Nets::chain);
		cases.put("chars", Nets::chars);
		cases.put("autoencoder", Nets::autoencoder);
		cases.put("residual", Nets::residual);
		cases.put("ties", Nets::ties);
	}

	private interface Work {
		void run() throws Exception;
	}

	private static void inDoubles(Work work) throws Exception {
		DataBuffer.Type before = Nd4j.dataType();

		DataTypeUtil.setDTypeForContext(DataBuffer.Type.DOUBLE);
		try {
			work.run();
		} finally {
			DataTypeUtil.setDTypeForContext(before);
		}
	}

	private static void mlp(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, dense().nIn(6).nOut(8).activation(Activation.RELU).build())
			.layer(1, dense().nIn(8).nOut(5).activation(Activation.TANH).dropOut(.5).build())
			.layer(2, output(LossFunction.MCXENT, Activation.SOFTMAX).nIn(5).nOut(3)
				.name("the end").build())
			.build();

		out.chain(name, conf, new int[] { 6 });
	}

	private static void lenet(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, conv(5, 5).nOut(4).build())
			.layer(1, pool(PoolingType.MAX, 2, 2).stride(2, 2).build())
			.layer(2, conv(3, 3).nOut(6).build())
			.layer(3, pool(PoolingType.MAX, 2, 2).stride(2, 2).build())
			.layer(4, dense().nOut(20).activation(Activation.RELU).build())
			.layer(5, output(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX).nOut(10)
				.build())
			.setInputType(org.deeplearning4j.nn.conf.inputs.InputType
				.convolutionalFlat(18, 16, 1))
			.build();

		out.chain(name, conf, new int[] { 18 * 16 });
	}

	private static void chain(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, conv(3, 3).nOut(6).activation(Activation.LEAKYRELU).build())
			.layer(1, new BatchNormalization.Builder().build())
			.layer(2, new ActivationLayer.Builder().activation(Activation.RELU).build())
			.layer(3, new LocalResponseNormalization.Builder().build())
			.layer(4, pool(PoolingType.AVG, 2, 2).padding(1, 1).build())
			.layer(5, output(LossFunction.MCXENT, Activation.SOFTMAX).build())
			.setInputType(Write.type(3, 7, 6)).build();

		out.chain(name, conf, new int[] { 3, 7, 6 });
	}

	private static void autoencoder(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, new AutoEncoder.Builder().nIn(6).nOut(5).activation(Activation.SIGMOID)
				.build())
			.layer(1, new AutoEncoder.Builder().nIn(5).nOut(4).activation(Activation.TANH)
				.build())
			.layer(2, output(LossFunction.MCXENT, Activation.SOFTMAX).nIn(4).build())
			.pretrain(true).build();

		out.chain(name, conf, new int[] { 6 });
	}

	private static void chars(Write out, String name) throws Exception {
		MultiLayerConfiguration conf = start().list()
			.layer(0, graves().nIn(7).nOut(6).build())
			.layer(1, graves().nIn(6).nOut(5).build())
			.layer(2, new RnnOutputLayer.Builder(LossFunction.MCXENT).nIn(5).nOut(7)
				.activation(Activation.SOFTMAX).build())
			.build();

		out.chain(name, conf, new int[] { 7, 5 });
	}

	private static void residual(Write out, String name) throws Exception {
		ElementWiseVertex.Op add = ElementWiseVertex.Op.Add;

		new Branches(out, name, Layers::start).input("in", 3, 7, 6)
			.add("conv1", conv(3, 3).nOut(5).build())
			.add("norm1", new BatchNormalization.Builder().build(), "conv1")
			.add("relu1", new ActivationLayer.Builder().activation(Activation.RELU).build(),
				"norm1")
			.add("conv2", conv(3, 3).padding(1, 1).nOut(5).build(), "relu1")
			.add("norm2", new BatchNormalization.Builder().build(), "conv2")
			.add("sum", new ElementWiseVertex(add), "norm2", "relu1")
			.add("relu2", new ActivationLayer.Builder().activation(Activation.RELU).build(), "sum")
			.add("pool", pool(PoolingType.MAX, 2, 2).build(), "relu2")
			.add("out", output(LossFunction.MCXENT, Activation.SOFTMAX).build(), "pool")
			.write();
	}

	/** Consumers of "a" in an order that only the buckets of Java's HashSet explain. */
	private static void ties(Write out, String name) throws Exception {
		Branches b = new Branches(out, name, Layers::start).input("in", 4);

		b.add("a", dense().nOut(3).build());
		for (int i = 0; i < 20; i++)
			b.add("d" + i, dense().nOut(2).build(), i % 7 == 2 || i > 14 ? "a" : "in");
		b.add("e0", dense().nOut(2).build(), "d16").add("e1", dense().nOut(2).build(), "d2")
			.add("both", new ElementWiseVertex(ElementWiseVertex.Op.Add), "e1", "e0", "d9")
			.add("end", dense().nOut(3).build(), "both").write();
	}
}
