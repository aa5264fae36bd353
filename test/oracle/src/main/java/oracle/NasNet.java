/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.util.HashMap;
import java.util.Map;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.*;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/**
 * The zoo's NASNet with its faults mended (README.md), since the class itself builds in no release: its
 * layers, options and names of vertices, but wired so that sizes agree.
 */
final class NasNet {
	private static final int BLOCKS = 2, FILTERS = 1056 / 24, STEM = 96;

	private final GraphBuilder graph = new NeuralNetConfiguration.Builder()
		.convolutionMode(ConvolutionMode.Truncate).activation(Activation.IDENTITY).graphBuilder();

	/** What the helper asks the builder for: how often a vertex' picture was halved, and its channels. */
	private final Map<String, Integer> halvings = new HashMap<>(), channels = new HashMap<>();

	private String x, previous;

	static ComputationGraph init(int side, int classes) {
		return new NasNet().build(side, classes);
	}

	private ComputationGraph build(int side, int classes) {
		graph.addInputs("input").setInputTypes(InputType.convolutional(side, side, 3));
		graph.addLayer("stem_conv1", new ConvolutionLayer.Builder(3, 3).nOut(STEM).hasBias(false).build(),
			"input");
		norm("stem_bn1", "stem_conv1");
		x = previous = made("stem_bn1", 0, STEM);

		for (int stage = 0; stage < 3; stage++) {
			int filters = FILTERS << stage;
			if (stage > 0) {
				String before = previous;
				reduction(filters, "reduce" + stage * BLOCKS);
				previous = before;	/* skipReduction */
			}
			for (int i = 0; i < BLOCKS; i++)
				normal(filters, String.valueOf(i + stage * BLOCKS + (stage > 0 ? 1 : 0)));
		}
		graph.addLayer("act", new ActivationLayer(Activation.RELU), x)
			.addLayer("avg_pool", new GlobalPoolingLayer(PoolingType.AVG), "act")
			.addLayer("output", new OutputLayer.Builder().nOut(classes).activation(Activation.SOFTMAX).build(),
				"avg_pool")
			.setOutputs("output");
		ComputationGraph net = new ComputationGraph(graph.build());
		net.init();
		return net;
	}

	private String made(String vertex, int halved, int count) {
		halvings.put(vertex, halved);
		channels.put(vertex, count);
		return vertex;
	}

	private void norm(String name, String from) {
		graph.addLayer(name, new BatchNormalization.Builder().eps(1e-3).gamma(0.9997).build(), from);
	}

	private void conv(String name, int filters, String from) {
		graph.addLayer(name, new ConvolutionLayer.Builder(1, 1).nOut(filters).hasBias(false)
			.convolutionMode(ConvolutionMode.Same).build(), from);
	}

	private String pool(String name, PoolingType type, int size, int stride, String from) {
		graph.addLayer(name, new SubsamplingLayer.Builder(type).kernelSize(size, size).stride(stride, stride)
			.convolutionMode(size == 1 ? ConvolutionMode.Truncate : ConvolutionMode.Same).build(), from);
		return name;
	}

	private String add(String name, String a, String b) {
		graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), a, b);
		return name;
	}

	/** Twice an activation, a separable convolution and a normalization. */
	private String separable(int filters, int size, int stride, String id, String from) {
		String p = "sepConvBlock" + id;
		for (int i = 1; i <= 2; i++) {
			String act = p + (i == 1 ? "_act" : "_act2");
			graph.addLayer(act, new ActivationLayer(Activation.RELU), from);
			graph.addLayer(p + "_sepconv" + i, new SeparableConvolution2D.Builder(size, size)
				.stride(i == 1 ? stride : 1, i == 1 ? stride : 1).nOut(filters).hasBias(false)
				.convolutionMode(ConvolutionMode.Same).build(), act);
			norm(from = p + "_conv" + i + "_bn", p + "_sepconv" + i);
		}
		return from;
	}

	/** The block before, as large as this block's input and with as many channels as its filters. */
	private String adjust(int filters, String id) {
		String p = "adjustBlock" + id, from = previous;
		if (!halvings.get(from).equals(halvings.get(x))) {
			graph.addLayer(p + "_relu1", new ActivationLayer(Activation.RELU), from);
			conv(p + "_conv1", filters / 2, pool(p + "_avgpool1", PoolingType.AVG, 1, 2, p + "_relu1"));
			graph.addLayer(p + "_zeropad1", new ZeroPaddingLayer(0, 1, 0, 1), p + "_relu1");
			graph.addLayer(p + "_crop1", new Cropping2D(1, 0, 1, 0), p + "_zeropad1");
			conv(p + "_conv2", filters / 2, pool(p + "_avgpool2", PoolingType.AVG, 1, 2, p + "_crop1"));
			graph.addVertex(p + "_concat1", new MergeVertex(), p + "_conv1", p + "_conv2");
			norm(from = p + "_bn1", p + "_concat1");
		}
		if (channels.get(previous) != filters) {
			graph.addLayer(p + "_projection_relu", new ActivationLayer(Activation.RELU), from);
			conv(p + "_projection_conv", filters, p + "_projection_relu");
			norm(from = p + "_projection_bn", p + "_projection_conv");
		}
		return from;
	}

	private String top(String p, int filters) {
		graph.addLayer(p + "_relu1", new ActivationLayer(Activation.RELU), x);
		conv(p + "_conv1", filters, p + "_relu1");
		norm(p + "_bn1", p + "_conv1");
		return p + "_bn1";
	}

	private void normal(int filters, String id) {
		String p = "normalA" + id, old = adjust(filters, p), now = top(p, filters);
		graph.addVertex(p, new MergeVertex(), old,
			add(p + "_add1", separable(filters, 5, 1, p + "_left1", now),
				separable(filters, 3, 1, p + "_right1", old)),
			add(p + "_add2", separable(filters, 5, 1, p + "_left2", old),
				separable(filters, 3, 1, p + "_right2", old)),
			add(p + "_add3", pool(p + "_left3", PoolingType.AVG, 3, 1, now), old),
			add(p + "_add4", pool(p + "_left4", PoolingType.AVG, 3, 1, old),
				pool(p + "_right4", PoolingType.AVG, 3, 1, old)),
			add(p + "_add5", separable(filters, 3, 1, p + "_left5", now), now));
		previous = x;
		x = made(p, halvings.get(x), 6 * filters);
	}

	private void reduction(int filters, String id) {
		String p = "reductionA" + id, old = adjust(filters, p), now = top(p, filters);
		String one = add(p + "_add1", separable(filters, 5, 2, p + "_left1", now),
			separable(filters, 7, 2, p + "_right1", old));
		String two = add(p + "_add2", pool(p + "_left2", PoolingType.MAX, 3, 2, now),
			separable(filters, 7, 2, p + "_right2", old));
		graph.addVertex(p, new MergeVertex(), two,
			add(p + "_add3", pool(p + "_left3", PoolingType.AVG, 3, 2, now),
				separable(filters, 5, 2, p + "_right3", old)),
			add(p + "_add4", two, pool(p + "_left4", PoolingType.AVG, 3, 1, one)),
			add(p + "_add5", separable(filters, 3, 1, p + "_left5", one),
				pool(p + "_right5", PoolingType.MAX, 3, 2, now)));
		previous = x;
		x = made(p, halvings.get(x) + 1, 4 * filters);
	}
}
