/* SPDX-License-Identifier: Apache-2.0 */
/* Whole small networks. */
package oracle;

import static org.deeplearning4j.nn.conf.CNN2DFormat.NCHW;
import static org.deeplearning4j.nn.conf.CNN2DFormat.NHWC;

import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
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
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class NetCases {
	private NetCases() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("mlp", (o, n) -> o.chain(n, mlp(DataType.FLOAT), InputType.feedForward(6)));
		cases.put("lenet", NetCases::lenet);
		cases.put("xception-like", (o, n) -> xception(o, n, NCHW));
		cases.put("xception-like-nhwc", (o, n) -> xception(o, n, NHWC));
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

	private static MultiLayerConfiguration mlp(DataType type) {
		return chain(base().dataType(type), InputType.feedForward(6),
				dense(8, Activation.RELU), dense(5, Activation.TANH),
				new DropoutLayer(0.5), classes(4));
	}

	private static void lenet(Write out, String name) throws Exception {
		out.chain(name, chain(base(), InputType.convolutionalFlat(14, 13, 1),
				conv(4, 3, 3).activation(Activation.RELU).build(), pool(PoolingType.MAX),
				conv(6, 2, 2).activation(Activation.RELU).build(), pool(PoolingType.MAX),
				dense(10, Activation.RELU), classes(5)), InputType.feedForward(14 * 13));
	}

	/* Graphs */

	private static ActivationLayer relu() {
		return new ActivationLayer(Activation.RELU);
	}

	private static SeparableConvolution2D separable(int n) {
		return new SeparableConvolution2D.Builder(3, 3).nOut(n).hasBias(false)
				.convolutionMode(ConvolutionMode.Same).build();
	}

	/** An entry block, a middle block and an exit; `relu1`, `mid_relu` have a rival reader. */
	private static void xception(Write out, String name, CNN2DFormat format) throws Exception {
		InputType type = InputType.convolutional(15, 14, 3, format);
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
