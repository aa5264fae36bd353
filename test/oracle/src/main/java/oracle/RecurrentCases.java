/* SPDX-License-Identifier: Apache-2.0 */
/* Layers over time, without and with masks. Series have 4 features and 5 steps. */
package oracle;

import static oracle.Format.FIRST;
import static oracle.Format.LAST;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

final class RecurrentCases {
	private static final int SIZE = 4;
	private static final int STEPS = 5;

	private RecurrentCases() { }

	static void list(Map<String, Cases.Case> cases) {
		cases.put("rnn", (o, n) -> rnn(o, n, FIRST, null));
		cases.put("rnn-nwc", (o, n) -> rnn(o, n, LAST, null));
		cases.put("rnn-masked", (o, n) -> rnn(o, n, FIRST, mask()));
		cases.put("timedistributed-masked", RecurrentCases::timeDistributed);
		cases.put("rnn-activations", RecurrentCases::activations);
		cases.put("timeseries", (o, n) -> vertices(o, n, null));
		cases.put("timeseries-masked", (o, n) -> vertices(o, n, mask()));
		cases.put("rnn-pictures", RecurrentCases::pictures);
		cases.put("attention", (o, n) -> attention(o, n, null));
		cases.put("attention-masked", (o, n) -> attention(o, n, mask()));
		cases.put("timesteps", (o, n) -> steps(o, n, new int[] { 2, 1, 3 }, lstm(), graves(),
				simple(), rnnOutput(Activation.SOFTMAX)));
		cases.put("timesteps-last", (o, n) -> steps(o, n, new int[] { 1, 1, 1, 1, 1, 1 },
				simple(), new LastTimeStep(lstm())));
		cases.put("timesteps-dense", (o, n) -> steps(o, n, new int[] { 3, 3 }, lstm(),
				new DenseLayer.Builder().nOut(3).activation(Activation.TANH).build(),
				new MaskZeroLayer(simple(), 0), rnnOutput(Activation.SOFTMAX)));
		cases.put("embedding", (o, n) -> embedding(o, n, null));
		cases.put("embedding-masked", (o, n) -> embedding(o, n, mask()));
	}

	private static InputType series(Format format) {
		return format.series(SIZE, STEPS);
	}

	/** Padding at the end, a gap, and padding at the beginning. */
	static INDArray mask() {
		return Nd4j.create(new float[][] {
			{ 1, 1, 1, 0, 0 }, { 1, 0, 1, 1, 1 }, { 0, 0, 1, 1, 1 } });
	}

	/** Some steps of it all zero, one all two. */
	private static INDArray holes(Format format) {
		INDArray a = Fill.array("input0", -2, 2, Write.BATCH, SIZE, STEPS);

		for (int i = 0; i < SIZE; i++) {
			a.putScalar(new int[] { 0, i, 4 }, 0);
			a.putScalar(new int[] { 1, i, 2 }, 0);
			a.putScalar(new int[] { 2, i, 0 }, 2);
		}
		return format == FIRST ? a : a.permute(0, 2, 1).dup('c');
	}

	private static LSTM lstm() {
		return new LSTM.Builder().nOut(3).activation(Activation.TANH)
				.weightInit(WeightInit.XAVIER).build();	/* wrappers in wrappers need it told */
	}

	private static SimpleRnn simple() {
		return new SimpleRnn.Builder().nOut(3).activation(Activation.TANH)
				.weightInit(WeightInit.XAVIER).build();
	}

	private static GravesLSTM graves() {
		return new GravesLSTM.Builder().nOut(3).activation(Activation.TANH).build();
	}

	private static GlobalPoolingLayer pool(PoolingType type, int p) {
		return new GlobalPoolingLayer.Builder(type).pnorm(p).build();
	}

	private static Layer rnnOutput(Activation act) {
		return new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(3).activation(act).build();
	}

	private static void rnn(Write out, String name, Format format, INDArray mask)
			throws Exception {
		Branches b = new Branches(out, name).input("in", series(format), holes(format), mask)
			.add("lstm", lstm())
			.add("lstm_hard", new LSTM.Builder().nOut(3).activation(Activation.SOFTSIGN)
				.gateActivationFunction(Activation.HARDSIGMOID).build())
			.add("lstm_wide", new LSTM.Builder().nOut(19).activation(Activation.TANH).build())
			.add("lstm_twice", lstm(), "lstm_wide")
			.add("graves", graves())
			.add("graves_both_ways", new GravesBidirectionalLSTM.Builder().nOut(3)
				.activation(Activation.TANH).build())
			.add("graves_both_ways_behind", new GravesBidirectionalLSTM.Builder().nOut(3)
				.activation(Activation.TANH).build(), "graves")
			.add("simple", simple())
			.addNewer("simple_norm", () -> new SimpleRnn.Builder().nOut(3).activation(Activation.TANH)
				.hasLayerNorm(true).build())
			.add("simple_twice", simple(), "simple");

		for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
			String m = mode.name().toLowerCase();
			b.add("both_lstm_" + m, new Bidirectional(mode, lstm()))
				.add("both_simple_" + m, new Bidirectional(mode, simple()))
				.add("both_last_" + m, new Bidirectional(mode, new LastTimeStep(lstm())));
		}
		b.add("both_graves", new Bidirectional(graves()))
			.add("both_last_simple", new Bidirectional(new LastTimeStep(simple())))
			.add("both_twice", new Bidirectional(lstm()), "both_lstm_concat")
			.add("last_lstm", new LastTimeStep(lstm()))
			.add("last_simple", new LastTimeStep(simple()))
			.add("last_both", new LastTimeStep(new Bidirectional(lstm())))
			.add("zero_lstm", new MaskZeroLayer(lstm(), 0))
			.add("zero_simple", new MaskZeroLayer(simple(), 0))
			.add("zero_graves_2", new MaskZeroLayer(graves(), 2))
			.add("zero_then_simple", simple(), "zero_lstm")
			.add("last_zero_lstm", new LastTimeStep(new MaskZeroLayer(lstm(), 0)))
			.add("last_zero_simple", new LastTimeStep(new MaskZeroLayer(simple(), 0)))
			.add("masked", new MaskLayer())
			.add("act_tanh", new ActivationLayer(Activation.TANH), "lstm")
			.add("act_softmax", new ActivationLayer(Activation.SOFTMAX), "lstm_hard")
			.add("dense", new DenseLayer.Builder().nOut(3).activation(Activation.TANH).build())
			.add("dense_lstm", lstm(), "dense")
			.add("lstm_dense", new DenseLayer.Builder().nOut(3)
				.activation(Activation.SIGMOID).build(), "lstm")
			.add("lstm_dense_out", rnnOutput(Activation.SOFTMAX), "lstm_dense")
			.add("out_softmax", rnnOutput(Activation.SOFTMAX), "lstm")
			.add("out_identity", rnnOutput(Activation.IDENTITY), "simple")
			.add("loss_softmax", new RnnLossLayer.Builder(LossFunction.MCXENT)
				.activation(Activation.SOFTMAX).build(), "lstm")
			.add("loss_tanh", new RnnLossLayer.Builder(LossFunction.MSE)
				.activation(Activation.TANH).build(), "graves")
			.add("pool_max", pool(PoolingType.MAX, 2), "lstm")
			.add("pool_avg", pool(PoolingType.AVG, 2), "lstm")
			.add("pool_sum", pool(PoolingType.SUM, 2), "lstm")
			.add("pool_p2", pool(PoolingType.PNORM, 2), "lstm")
			.add("pool_p3", pool(PoolingType.PNORM, 3), "lstm")
			.add("pool_then", new OutputLayer.Builder(LossFunction.MCXENT).nOut(3)
				.activation(Activation.SOFTMAX).build(), "pool_avg");
		if (mask == null)
			timeDistributed(b);
		b.write();
	}

	private static void timeDistributed(Branches b) {
		b.addNewer("each_dense", () -> new TimeDistributed(new DenseLayer.Builder().nOut(3)
				.activation(Activation.TANH).build()))
			.addNewer("each_softmax", () -> new TimeDistributed(new DenseLayer.Builder().nOut(3)
				.activation(Activation.SOFTMAX).build()))
			.add("each_then", simple(), "each_dense");
	}

	/** DL4J mixes up the masks of a batch; with these the first example gets its own. */
	private static void timeDistributed(Write out, String name) throws Exception {
		Branches b = new Branches(out, name).input("in", series(FIRST), null,
				Nd4j.create(new float[][] {
			{ 1, 1, 1, 1, 0 }, { 1, 0, 1, 1, 1 }, { 1, 1, 0, 1, 1 } }));

		timeDistributed(b);
		b.write();
	}

	private static void activations(Write out, String name) throws Exception {
		Branches b = new Branches(out, name)
				.input("in", series(FIRST), Fill.array("input0", -4, 4, Write.BATCH, SIZE, STEPS));

		for (Activation act : Activation.values()) {
			String f = act.name().toLowerCase();
			b.add("simple_" + f, new SimpleRnn.Builder().nOut(3).activation(act).build())
				.add("lstm_" + f, new LSTM.Builder().nOut(3).activation(act).build())
				.add("gate_" + f, new LSTM.Builder().nOut(3).activation(Activation.TANH)
					.gateActivationFunction(act).build());
		}
		b.write();
	}

	private static void vertices(Write out, String name, INDArray mask) throws Exception {
		INDArray other = mask == null ? null : Nd4j.create(new float[][] {
			{ 1, 0, 1, 1, 0 }, { 1, 1, 0, 0, 0 }, { 0, 1, 1, 1, 1 } });

		new Branches(out, name).input("a", series(FIRST), null, mask)
			.input("b", series(FIRST), null, other)
			.input("row", InputType.feedForward(3))
			.add("lstm", lstm(), "a")
			.add("last_a", new LastTimeStepVertex("a"), "lstm")
			.add("last_b", new LastTimeStepVertex("b"), "lstm")
			.add("last_dense", new DenseLayer.Builder().nOut(2).build(), "last_a")
			.add("again", new DuplicateToTimeSeriesVertex("a"), "row")
			.add("again_simple", simple(), "again")
			.add("reversed_a", new ReverseTimeSeriesVertex("a"), "a")
			.add("reversed_b", new ReverseTimeSeriesVertex("b"), "a")
			.add("reversed", new ReverseTimeSeriesVertex(), "a")
			.add("reversed_simple", simple(), "reversed_a")
			.add("merge", new MergeVertex(), "a", "b", "again")
			.add("merge_simple", simple(), "merge")
			.add("merge_ab", new MergeVertex(), "a", "b")
			.add("merge_ab_simple", simple(), "merge_ab")
			.add("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
			.add("sum_simple", simple(), "sum")
			.add("scale", new ScaleVertex(2), "a")
			.add("scale_simple", simple(), "scale")
			.add("repeat", new RepeatVector.Builder(4).build(), "row")
			.add("repeat_lstm", lstm(), "repeat")
			.add("repeat_nwc", LAST.on(new RepeatVector.Builder(4)).build(), "row")
			.write();
	}

	private static void pictures(Write out, String name) throws Exception {
		new Branches(out, name).input("in", InputType.recurrent(24, STEPS), null, mask())
			.add("conv", new ConvolutionLayer.Builder(2, 2).nOut(2)
				.activation(Activation.TANH).build(), new RnnToCnnPreProcessor(3, 4, 2))
			.add("lstm", simple(), new CnnToRnnPreProcessor(2, 3, 2), "conv")
			.add("dense", new DenseLayer.Builder().nOut(3).activation(Activation.TANH).build(),
				new RnnToFeedForwardPreProcessor())
			.add("back", simple(), new FeedForwardToRnnPreProcessor(), "dense")
			.add("composed", simple(), new ComposableInputPreProcessor(
				new RnnToFeedForwardPreProcessor(), new FeedForwardToRnnPreProcessor()))
			.write();
	}

	/** A chain whose input also goes through rnnTimeStep, so many steps at a time. */
	private static void steps(Write out, String name, int[] lengths, Layer... layers)
			throws Exception {
		InputType type = InputType.recurrent(SIZE, 6);
		NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(1)
				.list(layers);

		out.chain(name, Write.net(list.setInputType(type).build()), type, Fill.inputs(type)[0],
				null, lengths);
	}

	private static SelfAttentionLayer.Builder self(int heads, boolean project) {
		return new SelfAttentionLayer.Builder().nHeads(heads).headSize(2)
				.projectInput(project).nIn(SIZE).nOut(project ? 5 : SIZE);
	}

	private static LearnedSelfAttentionLayer.Builder learned(int heads, boolean project) {
		return new LearnedSelfAttentionLayer.Builder().nHeads(heads).headSize(2).nQueries(3)
				.projectInput(project).nIn(SIZE).nOut(project ? 5 : SIZE);
	}

	private static RecurrentAttentionLayer.Builder looking(int heads, boolean project) {
		return new RecurrentAttentionLayer.Builder().nHeads(heads).headSize(2)
				.projectInput(project).nIn(SIZE).nOut(project ? 3 : SIZE).activation(Activation.TANH);
	}

	private static AttentionVertex asking(int heads, boolean project, int values) {
		return new AttentionVertex.Builder().nHeads(heads).headSize(2).projectInput(project)
				.nInQueries(SIZE).nInKeys(SIZE).nInValues(values).nOut(project ? 5 : values)
				.build();
	}

	private static void attention(Write out, String name, INDArray mask) throws Exception {
		INDArray other = mask == null ? null : Nd4j.create(new float[][] {
			{ 1, 1, 1 }, { 1, 1, 0 }, { 0, 1, 0 } });

		new Branches(out, name).input("a", series(FIRST), null, mask)
			.input("asks", InputType.recurrent(SIZE, 3), null, other)
			.input("values", InputType.recurrent(2, STEPS), null, null)
			.add("self", self(2, true).build(), "a")
			.add("self_one", self(1, true).build(), "a")
			.add("self_plain", self(1, false).build(), "a")
			.add("self_simple", simple(), "self")
			.add("learned", learned(2, true).build(), "a")
			.add("learned_plain", learned(1, false).build(), "a")
			.add("learned_simple", simple(), "learned")
			.add("looking", looking(2, true).build(), "a")
			.add("looking_one", looking(1, true).build(), "a")
			.add("looking_plain", looking(1, false).build(), "a")
			.add("looking_nobias", looking(1, true).hasBias(false)
				.activation(Activation.SIGMOID).build(), "a")
			.add("looking_simple", simple(), "looking")
			.add("asking", asking(2, true, 2), "asks", "a", "values")
			.add("asking_itself", asking(1, true, SIZE), "a", "a", "a")
			.add("asking_plain", asking(1, false, SIZE), "asks", "a", "a")
			.add("asking_simple", simple(), "asking")
			.write();
	}

	private static INDArray indices(String stream, long... shape) {
		return org.nd4j.linalg.ops.transforms.Transforms.floor(Fill.array(stream, 0, 7, shape));
	}

	private static EmbeddingSequenceLayer.Builder words() {
		return new EmbeddingSequenceLayer.Builder().nIn(7).nOut(3).inputLength(STEPS);
	}

	private static void embedding(Write out, String name, INDArray mask) throws Exception {
		LSTM lstm = new LSTM.Builder().nIn(3).nOut(3).activation(Activation.TANH).build();
		SimpleRnn simple = new SimpleRnn.Builder().nIn(3).nOut(3).activation(Activation.TANH)
				.build();

		new Branches(out, name).withoutInference()
			.input("word", InputType.feedForward(1), indices("word", Write.BATCH, 1))
			.input("words", InputType.feedForward(STEPS), indices("words", Write.BATCH, STEPS),
				mask)
			.add("plain", new EmbeddingLayer.Builder().nIn(7).nOut(3).build(), "word")
			.add("bias", new EmbeddingLayer.Builder().nIn(7).nOut(3).hasBias(true)
				.activation(Activation.TANH).build(), "word")
			.add("softmax", new EmbeddingLayer.Builder().nIn(7).nOut(3)
				.activation(Activation.SOFTMAX).build(), "word")
			.add("sequence", words().build(), "words")
			.add("sequence_bias", words().hasBias(true).activation(Activation.TANH).build(),
				"words")
			.add("sequence_softmax", words().activation(Activation.SOFTMAX).build(), "words")
			.add("sequence_any", words().inferInputLength(true).build(), "words")
			.add("sequence_nwc", LAST.on(words()).build(), "words")
			.add("sequence_lstm", lstm, "sequence")
			.add("sequence_simple", simple, "sequence")
			.add("sequence_max", pool(PoolingType.MAX, 2), "sequence")
			.write();
	}
}
