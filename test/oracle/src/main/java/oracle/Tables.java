/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.*;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.nd4j.linalg.activations.Activation;

/**
 * The configurations of nets whose tables are published: RELEASE WORK DIR, WORK as `keras_nets.py WORK 0`
 * left it. Pictures are NCHW as in the published zips, but for EfficientNet, which is NHWC there too.
 */
public final class Tables {
	private Tables() {
	}

	public static void main(String[] args) throws Exception {
		Path dir = Files.createDirectories(Paths.get(args[2]));
		File[] files = new File(args[1]).listFiles((folder, name) -> name.endsWith(".json"));
		Arrays.sort(files);
		for (File file : files)
			write(dir.resolve(file.getName()), imported(file));
		write(dir.resolve("dl4jlenet.json"), initialized(lenet()));
	}

	private static String imported(File file) throws Exception {
		KerasNets.registerBroadcasts(file.toString());
		ComputationGraphConfiguration conf =
			KerasModelImport.importKerasModelConfiguration(file.toString(), false);
		if (file.getName().contains("darknet"))
			conf = new GraphBuilder(conf, new NeuralNetConfiguration.Builder())
				.addLayer("loss", new LossLayer.Builder().build(), "softmax").setOutputs("loss").build();
		String json = initialized(conf);
		return file.getName().startsWith("efficient") ? json : KerasNets.inFormat(json, "NCHW");
	}

	/** As saved: with the names of parameters, whose order is that of summary(). */
	private static String initialized(ComputationGraphConfiguration conf) {
		ComputationGraph net = new ComputationGraph(conf);
		net.init();
		String json = net.getConfiguration().toJson();
		net.params().close();
		return json;
	}

	/** The published one was a chain, whose layers became vertices by their numbers. */
	private static ComputationGraphConfiguration lenet() {
		Layer[] layers = {
			new ConvolutionLayer.Builder(5, 5).nOut(20).convolutionMode(ConvolutionMode.Same).build(),
			new ActivationLayer(Activation.RELU),
			new SubsamplingLayer.Builder(2, 2).stride(2, 2).build(),
			new ConvolutionLayer.Builder(5, 5).nOut(50).convolutionMode(ConvolutionMode.Same).build(),
			new ActivationLayer(Activation.RELU),
			new SubsamplingLayer.Builder(2, 2).stride(2, 2).build(),
			new DenseLayer.Builder().nOut(500).activation(Activation.IDENTITY).build(),
			new ActivationLayer(Activation.RELU),
			new DenseLayer.Builder().nOut(10).activation(Activation.IDENTITY).build(),
			new ActivationLayer(Activation.SOFTMAX),
		};
		GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder().addInputs("in")
			.setInputTypes(InputType.convolutional(28, 28, 1)).setOutputs("9");
		for (int i = 0; i < layers.length; i++)
			graph.addLayer(String.valueOf(i), layers[i], i > 0 ? String.valueOf(i - 1) : "in");
		return graph.build();
	}

	/** Without random seeds, which come from the clock. */
	private static void write(Path file, String json) throws IOException {
		json = Large.minify(json).replaceAll("\"seed\":\\d+", "\"seed\":0");
		Files.write(file, json.getBytes(StandardCharsets.UTF_8));
		System.out.println(file.getFileName());
	}
}
